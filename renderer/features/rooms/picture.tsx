/** Moving pictures without sound: that goes its own way. */
import { useCallback, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Meeting } from '../../../meeting/meeting.ts'
import { usePicture } from '../../video/use-picture.ts'
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
  const see = useCallback((width: number | null) => meeting.see(producer, width), [meeting, producer])
  usePicture(screen, stream ?? null, see)
  return <video ref={screen} aria-label={label} autoPlay muted playsInline />
}
