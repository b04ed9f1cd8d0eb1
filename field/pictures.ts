/** Pictures that were taken here, until the hub has them: small enough for a bad network, and kept on the phone. */
import { hashOf } from '../contract/attachment-transfer.ts'
import type { Attachment } from '../contract/attachments.ts'

const NAME = 'watchfloor-pictures'
const STORE = 'pictures'
/** Of the longer side, in pixels: letters on a sign across the street can be read. */
const LONGEST_SIDE = 1_600
const QUALITY = 0.8

/** Keeps the picture. Rejects if it can't be read as one, or the phone has no room. */
export async function keepPicture(file: Blob, now: Date): Promise<Attachment> {
  const blob = await smaller(file)
  const content = new Uint8Array(await blob.arrayBuffer())
  const hash = await hashOf(content)
  await withStore('readwrite', (store) => store.put(content, hash))
  const name = `${stamp(now)}.jpg`
  return { hash, name, type: 'image/jpeg', size: content.length }
}

/** Undefined: the phone has it no more. */
export const keptPicture = (hash: string): Promise<Uint8Array | undefined> =>
  withStore('readonly', (store) => store.get(hash))

export const forgetPicture = (hash: string): Promise<unknown> =>
  withStore('readwrite', (store) => store.delete(hash))

async function smaller(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file)
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('no picture')) : resolve(blob)),
      'image/jpeg',
      QUALITY,
    ),
  )
}

/** 2026-11-25 09-05-00, by the phone's clock. */
function stamp(at: Date): string {
  const two = (value: number) => `${value}`.padStart(2, '0')
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
  return `${day} ${[two(at.getHours()), two(at.getMinutes()), two(at.getSeconds())].join('-')}`
}

async function withStore<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open(NAME, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
  const database = await done(opening)
  try {
    const transaction = database.transaction(STORE, mode)
    const result = await done(work(transaction.objectStore(STORE)))
    if (mode === 'readwrite')
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve()
        transaction.onabort = () => reject(transaction.error)
      })
    return result
  } finally {
    database.close()
  }
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
