/** A still of a moving picture. */
import { fileStampOf } from '../../ui/moment.ts'

const JPEG_QUALITY = 0.9
const endings = { png: 'png', jpeg: 'jpg' } as const

/** Draws what is on the screen now, as large as it came. False: there is nothing. */
export function drawn(screen: HTMLVideoElement | null, still: HTMLCanvasElement | null): boolean {
  const pen = still?.getContext('2d')
  if (screen === null || still === null || pen === null || pen === undefined || screen.videoWidth === 0)
    return false
  still.width = screen.videoWidth
  still.height = screen.videoHeight
  pen.drawImage(screen, 0, 0)
  return true
}

/**
 * A picture of it whose name says of what and when: now, unless it was stopped before. PNG, or JPEG, which is smaller.
 * Undefined: there is nothing.
 */
export async function snapshotOf(
  from: HTMLVideoElement | HTMLCanvasElement | null,
  name: string,
  at: number | null,
  type: 'png' | 'jpeg',
): Promise<File | undefined> {
  const canvas = from instanceof HTMLVideoElement ? document.createElement('canvas') : from
  if (from instanceof HTMLVideoElement && !drawn(from, canvas)) return undefined
  const when = fileStampOf(at ?? Date.now())
  const mime = `image/${type}`
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas === null ? resolve(null) : canvas.toBlob(resolve, mime, JPEG_QUALITY),
  )
  return blob === null ? undefined : new File([blob], `${name} ${when}.${endings[type]}`, { type: mime })
}
