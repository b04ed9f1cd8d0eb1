/**
 * Pictures and files that messages and reports bring along. Their content is addressed by its hash and travels in parts,
 * apart from what refers to it; whoever may read that may have the content.
 */
import * as z from 'zod'
import type { SeatSession } from './hub.ts'
import { lineSchema } from './primitives.ts'

export const attachmentTypes = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'application/pdf',
  'text/plain',
] as const
export type AttachmentType = (typeof attachmentTypes)[number]

/** Bytes. */
export const LARGEST_ATTACHMENT = 8 * 1024 * 1024
/** Bytes of a part, but for the last: a link in the field takes no more at once. */
export const PART_BYTES = 32 * 1024
export const MOST_ATTACHMENTS = 6

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal')

const attachmentSchema = z.strictObject({
  hash: hashSchema,
  name: lineSchema,
  type: z.enum(attachmentTypes),
  /** Bytes. */
  size: z.int().min(1).max(LARGEST_ATTACHMENT),
})
export type Attachment = z.infer<typeof attachmentSchema>

/** What a message or a report brings along; left out: nothing. */
export const attachmentsSchema = z.array(attachmentSchema).min(1).max(MOST_ATTACHMENTS)

const partSchema = z.base64().max(Math.ceil(PART_BYTES / 3) * 4)

/** Whoever sends shows the whole content, though it may be there already: a hash alone brings nobody anything. */
export const putPartSchema = z.strictObject({
  ...attachmentSchema.pick({ hash: true, type: true, size: true }).shape,
  /** Of its first byte: a multiple of `PART_BYTES`. */
  at: z.int().min(0).multipleOf(PART_BYTES),
  data: partSchema,
})
/** Where the next part that is missing begins; null: all of it is there. */
export const partTakenSchema = z.object({ next: z.int().nullable() })

export const getPartSchema = z.strictObject({ hash: hashSchema, at: putPartSchema.shape.at })
export const partSentSchema = z.object({
  ...attachmentSchema.pick({ type: true, size: true }).shape,
  data: partSchema,
})

export interface AttachmentsPort {
  /** Rejects with a `Refusal` where it is too large, not what it says it is, or not what its hash says. */
  put(session: SeatSession, part: z.infer<typeof putPartSchema>): Promise<z.infer<typeof partTakenSchema>>
  /** Not found where there is none, and where it is not for them. */
  get(session: SeatSession, asked: z.infer<typeof getPartSchema>): Promise<z.infer<typeof partSentSchema>>
}

const startsWith = (bytes: Uint8Array, ...octets: readonly (number | undefined)[]): boolean =>
  octets.every((octet, at) => octet === undefined || bytes[at] === octet)

/** What the content is by its first octets; undefined: none of what may be sent. */
export function typeOf(bytes: Uint8Array): AttachmentType | undefined {
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  // RIFF, a length, WEBP.
  if (startsWith(bytes, 0x52, 0x49, 0x46, 0x46, ...Array(4), 0x57, 0x45, 0x42, 0x50)) return 'image/webp'
  if (startsWith(bytes, 0x25, 0x50, 0x44, 0x46, 0x2d)) return 'application/pdf'
  return isText(bytes) ? 'text/plain' : undefined
}

/** UTF-8 without control characters but tabs and line ends. */
function isText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a text has none of.
    return text.length > 0 && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text)
  } catch {
    return false
  }
}
