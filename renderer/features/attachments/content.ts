/** The content of attachments as the page has it: fetched once, and kept while there is room. */
import { fetchContent, hashOf, sendContent } from '../../../contract/attachment-transfer.ts'
import { type Attachment, LARGEST_ATTACHMENT, typeOf } from '../../../contract/attachments.ts'
import { engine } from '../../app/engine.ts'

/** The newest are kept. */
const MOST_KEPT = 60
const kept = new Map<string, Promise<Blob>>()

/** Rejects where it can't be had now; asked again it is tried again. */
export function contentOf({ hash }: Pick<Attachment, 'hash'>): Promise<Blob> {
  const known = kept.get(hash)
  if (known !== undefined) return known
  const fetching = fetchContent((asked) => engine.attachments.get.query(asked), hash).then(
    ({ type, content }) => new Blob([content], { type }),
  )
  fetching.catch(() => kept.delete(hash))
  keep(hash, fetching)
  return fetching
}

function keep(hash: string, content: Promise<Blob>): void {
  kept.set(hash, content)
  const [oldest] = kept.keys()
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
}

/** Why a file can't be sent at all. */
export type Unsendable = 'too-large' | 'other-type' | 'empty'

/** Sends the file to the hub. Resolves with what refers to it, or why it can't be sent; rejects where it may be tried again. */
export async function sendFile(
  file: Blob,
  name: string,
  onProgress?: (share: number) => void,
  signal?: AbortSignal,
): Promise<Attachment | Unsendable> {
  if (file.size === 0) return 'empty'
  if (file.size > LARGEST_ATTACHMENT) return 'too-large'
  const content = new Uint8Array(await file.arrayBuffer())
  const type = typeOf(content)
  if (type === undefined) return 'other-type'
  const hash = await hashOf(content)
  await sendContent((part) => engine.attachments.put.mutate(part), {
    hash,
    type,
    content,
    ...(onProgress !== undefined && { onProgress }),
    ...(signal !== undefined && { signal }),
  })
  keep(hash, Promise.resolve(new Blob([content], { type })))
  return { hash, type, size: file.size, name: name.trim().slice(0, 100) || hash.slice(0, 8) }
}
