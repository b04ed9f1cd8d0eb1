/** A still of a moving picture. */
import { fileStampOf } from '../../ui/moment.ts'
import { offerFile } from '../../ui/offer-file.ts'

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

/** Offers it as a file whose name says of what and when: now, unless it was stopped before. */
export function saveSnapshot(
  from: HTMLVideoElement | HTMLCanvasElement | null,
  name: string,
  at: number | null,
): void {
  const canvas = from instanceof HTMLVideoElement ? document.createElement('canvas') : from
  if (from instanceof HTMLVideoElement && !drawn(from, canvas)) return
  const when = fileStampOf(at ?? Date.now())
  canvas?.toBlob((blob) => {
    if (blob !== null) offerFile(blob, `${name} ${when}.png`)
  }, 'image/png')
}
