/** A moving picture on a screen of the page. */
import { type RefObject, useEffect } from 'react'

/**
 * Shows the stream there, and tells how wide it is drawn, in pixels of the screen; null while it is hidden, be it by
 * another panel in front, or with the whole window. `see` is to be the same as long as it tells the same place.
 */
export function usePicture(
  screen: RefObject<HTMLVideoElement | null>,
  stream: MediaStream | null,
  see: (width: number | null) => void,
): void {
  useEffect(() => {
    if (screen.current !== null) screen.current.srcObject = stream
  }, [screen, stream])
  useEffect(() => {
    const video = screen.current
    if (video === null) return
    let shown = false
    const tell = () => see(shown && !document.hidden ? video.clientWidth * window.devicePixelRatio : null)
    const onScreen = new IntersectionObserver(([entry]) => {
      shown = entry?.isIntersecting ?? false
      tell()
      // A panel that was behind another has been out of the page, and what leaves the page stops.
      if (shown) video.play().catch(() => undefined)
    })
    const sized = new ResizeObserver(tell)
    onScreen.observe(video)
    sized.observe(video)
    document.addEventListener('visibilitychange', tell)
    return () => {
      document.removeEventListener('visibilitychange', tell)
      onScreen.disconnect()
      sized.disconnect()
      see(null)
    }
  }, [screen, see])
}
