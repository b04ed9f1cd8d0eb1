/** Files on their way to the hub, before the message that brings them along. */
import { useRef, useState } from 'react'
import { type Attachment, MOST_ATTACHMENTS } from '../../../contract/attachments.ts'
import { sendFile, type Unsendable } from './content.ts'

export interface Outgoing {
  readonly key: number
  readonly name: string
  readonly file: File
  readonly state:
    | { readonly kind: 'sending'; readonly share: number }
    | { readonly kind: 'sent'; readonly attachment: Attachment }
    /** It may be tried again. */
    | { readonly kind: 'failed'; readonly error: unknown }
    | { readonly kind: 'unsendable'; readonly why: Unsendable }
}

export interface OutgoingFiles {
  readonly all: readonly Outgoing[]
  /** All of them are there. */
  readonly ready: boolean
  readonly attachments: readonly Attachment[]
  /** As many as a message may have; false: some are too many. */
  add(files: readonly File[]): boolean
  again(key: number): void
  remove(key: number): void
  clear(): void
  /** Puts back what was cleared. */
  restore(files: readonly Outgoing[]): void
}

export function useOutgoing(): OutgoingFiles {
  const [all, setAll] = useState<readonly Outgoing[]>([])
  const next = useRef(0)
  const ways = useRef(new Map<number, AbortController>())
  const set = (key: number, state: Outgoing['state']) =>
    setAll((before) => before.map((each) => (each.key === key ? { ...each, state } : each)))
  const send = (key: number, file: File) => {
    const way = new AbortController()
    ways.current.set(key, way)
    set(key, { kind: 'sending', share: 0 })
    sendFile(file, file.name, (share) => set(key, { kind: 'sending', share }), way.signal).then(
      (sent) =>
        set(
          key,
          typeof sent === 'string' ? { kind: 'unsendable', why: sent } : { kind: 'sent', attachment: sent },
        ),
      (error) => set(key, { kind: 'failed', error }),
    )
  }
  return {
    all,
    ready: all.every(({ state }) => state.kind === 'sent'),
    attachments: all.flatMap(({ state }) => (state.kind === 'sent' ? [state.attachment] : [])),
    add: (files) => {
      const room = MOST_ATTACHMENTS - all.length
      const taken = files.slice(0, room).map((file) => ({ key: next.current++, file }))
      setAll((before) => [
        ...before,
        ...taken.map(
          ({ key, file }): Outgoing => ({ key, name: file.name, file, state: { kind: 'sending', share: 0 } }),
        ),
      ])
      for (const { key, file } of taken) send(key, file)
      return files.length <= room
    },
    again: (key) => {
      const found = all.find((each) => each.key === key)
      if (found !== undefined) send(key, found.file)
    },
    remove: (key) => {
      ways.current.get(key)?.abort()
      setAll((before) => before.filter((each) => each.key !== key))
    },
    clear: () => setAll([]),
    restore: setAll,
  }
}
