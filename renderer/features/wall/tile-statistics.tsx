/** How a picture comes: its size, how many a second, what was dropped, and since when one could begin with it. */
import { type RefObject, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import { useApp } from '../../app/store.ts'
import { useAge, useNow } from '../../ui/age.ts'
import styles from './wall.module.css'

const EVERY_MS = 1_000

interface Measured {
  readonly width: number
  readonly height: number
  /** A second. */
  readonly frames: number
  /** Of those that came in the last second. */
  readonly dropped: number
}

export function TileStatistics({
  source,
  screen,
}: {
  source: Id
  screen: RefObject<HTMLVideoElement | null>
}) {
  const { t } = useTranslation()
  const age = useAge()
  const now = useNow()
  const status = useApp(({ sources }) => sources?.[source])
  const measured = useMeasured(screen)
  return (
    <dl className={styles.statistics}>
      <dt>{t('wall.picture')}</dt>
      <dd>
        {measured === undefined || measured.width === 0
          ? '–'
          : t('wall.measured', { ...measured, frames: Math.round(measured.frames) })}
      </dd>
      <dt>{t('wall.dropped')}</dt>
      <dd>{measured?.dropped ?? '–'}</dd>
      <dt>{t('wall.bitrate')}</dt>
      <dd>
        {status === undefined || status.bitrate === null
          ? '–'
          : t('wall.kbits', { n: Math.round(status.bitrate / 1000) })}
      </dd>
      <dt>{t('wall.keyFrame')}</dt>
      <dd>
        {status === undefined || status.keyFrameAt === null
          ? '–'
          : t('wall.ago', { age: age(now - status.keyFrameAt) })}
      </dd>
      <dt>{t('wall.viewers')}</dt>
      <dd>{status?.viewers ?? '–'}</dd>
    </dl>
  )
}

function useMeasured(screen: RefObject<HTMLVideoElement | null>): Measured | undefined {
  const [measured, setMeasured] = useState<Measured>()
  useEffect(() => {
    let before: { at: number; total: number; dropped: number } | undefined
    const measure = () => {
      const video = screen.current
      if (video === null) return
      const { totalVideoFrames: total, droppedVideoFrames: dropped } = video.getVideoPlaybackQuality()
      const at = performance.now()
      if (before !== undefined && total >= before.total)
        setMeasured({
          width: video.videoWidth,
          height: video.videoHeight,
          frames: ((total - before.total) / (at - before.at)) * 1000,
          dropped: dropped - before.dropped,
        })
      before = { at, total, dropped }
    }
    measure()
    const timer = window.setInterval(measure, EVERY_MS)
    return () => window.clearInterval(timer)
  }, [screen])
  return measured
}
