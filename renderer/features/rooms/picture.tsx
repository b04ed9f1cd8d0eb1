/** Moving pictures without sound: that goes its own way. */
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Meeting } from './meeting.ts'
import styles from './rooms.module.css'

/** Of the officer here, as in a mirror. */
export function OwnPictureView({ stream }: { stream: MediaStream }) {
  const { t } = useTranslation()
  const screen = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (screen.current !== null) screen.current.srcObject = stream
  }, [stream])
  return (
    <video
      ref={screen}
      className={styles.own}
      aria-label={t('rooms.ownPicture')}
      autoPlay
      muted
      playsInline
    />
  )
}

interface PictureProps {
  readonly meeting: Meeting
  readonly producer: string
  readonly stream: MediaStream | undefined
  readonly label: string
}

/** Of somebody else, or a source. It is fetched while it is on the screen, as large as it is drawn. */
export function Picture({ meeting, producer, stream, label }: PictureProps) {
  const screen = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (screen.current !== null) screen.current.srcObject = stream ?? null
  }, [stream])
  useEffect(() => {
    const video = screen.current
    if (video === null) return
    let shown = false
    const tell = () => meeting.see(producer, shown ? video.clientWidth * window.devicePixelRatio : null)
    const onScreen = new IntersectionObserver(([entry]) => {
      shown = entry?.isIntersecting ?? false
      tell()
      // A panel that was behind another has been out of the page, and what leaves the page stops.
      if (shown) video.play().catch(() => undefined)
    })
    const sized = new ResizeObserver(tell)
    onScreen.observe(video)
    sized.observe(video)
    return () => {
      onScreen.disconnect()
      sized.disconnect()
      meeting.see(producer, null)
    }
  }, [meeting, producer])
  return <video ref={screen} aria-label={label} autoPlay muted playsInline />
}
