/** Content on its way to the hub and back, in parts. What breaks off goes on where it was. */
import type * as z from 'zod'
import {
  type AttachmentType,
  type getPartSchema,
  PART_BYTES,
  type partSentSchema,
  type partTakenSchema,
  type putPartSchema,
} from './attachments.ts'

type Put = (part: z.infer<typeof putPartSchema>) => Promise<z.infer<typeof partTakenSchema>>
type Get = (asked: z.infer<typeof getPartSchema>) => Promise<z.infer<typeof partSentSchema>>

/** SHA-256 in hexadecimal. */
export async function hashOf(content: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content))
  return [...digest].map((octet) => octet.toString(16).padStart(2, '0')).join('')
}

export interface Sending {
  readonly hash: string
  readonly type: AttachmentType
  readonly content: Uint8Array
  /** Share that is there, 0 to 1. */
  onProgress?(share: number): void
  readonly signal?: AbortSignal
}

/** Rejects as `put` does, and when it is aborted. */
export async function sendContent(put: Put, sending: Sending): Promise<void> {
  const { hash, type, content, onProgress, signal } = sending
  const size = content.length
  for (let at: number | null = 0; at !== null; ) {
    signal?.throwIfAborted()
    const data = toBase64(content.subarray(at, at + PART_BYTES))
    const { next }: { next: number | null } = await put({ hash, type, size, at, data })
    onProgress?.((next ?? size) / size)
    at = next
  }
}

/** Rejects as `get` does. */
export async function fetchContent(
  get: Get,
  hash: string,
): Promise<{ readonly type: AttachmentType; readonly content: Uint8Array<ArrayBuffer> }> {
  const first = await get({ hash, at: 0 })
  const content = new Uint8Array(first.size)
  content.set(fromBase64(first.data))
  for (let at = PART_BYTES; at < first.size; at += PART_BYTES)
    content.set(fromBase64((await get({ hash, at })).data), at)
  return { type: first.type, content }
}

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (each) => each.charCodeAt(0))
