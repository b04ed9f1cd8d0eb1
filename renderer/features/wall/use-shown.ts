/** Whether a part of the page is on the screen. */
import { type RefObject, useEffect, useState } from 'react'

/** Who looks at the map for a moment finds the pictures as they left them. */
const LINGER_MS = 10_000

/** As long as it is not behind another panel, nor the window away; and a little longer. */
export function useShown(part: RefObject<HTMLElement | null>): boolean {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const element = part.current
    if (element === null) return
    let inSight = false
    let timer: number | undefined
    const tell = () => {
      window.clearTimeout(timer)
      if (inSight && !document.hidden) setShown(true)
      else timer = window.setTimeout(() => setShown(false), LINGER_MS)
    }
    const onScreen = new IntersectionObserver(([entry]) => {
      inSight = entry?.isIntersecting ?? false
      tell()
    })
    onScreen.observe(element)
    document.addEventListener('visibilitychange', tell)
    return () => {
      window.clearTimeout(timer)
      onScreen.disconnect()
      document.removeEventListener('visibilitychange', tell)
    }
  }, [part])
  return shown
}
