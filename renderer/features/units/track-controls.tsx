/** The unit's track on the map: how far back, and where it was at a chosen moment. */
import { Segmented, Slider } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Unit } from '../../../contract/directory.ts'
import type { TrackPoint } from '../../../contract/positions.ts'
import { engine } from '../../app/engine.ts'
import { useExplain } from '../../ui/refusal.ts'
import { useDistance } from '../map/distance.ts'
import { mapView } from '../map/map-view.ts'
import { lengthOf } from '../map/measure-layer.ts'
import styles from './card.module.css'

const MINUTE = 60_000
const spans = [0, 15 * MINUTE, 60 * MINUTE, 8 * 60 * MINUTE] as const
type Span = (typeof spans)[number]

type Loaded =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'there'; readonly points: readonly TrackPoint[] }

export function TrackControls({ unit }: { unit: Unit }) {
  const { t } = useTranslation()
  const explain = useExplain()
  const distance = useDistance()
  const [span, setSpan] = useState<Span>(0)
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'none' })
  const [at, setAt] = useState<number | null>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the words for a failure do not load a track.
  useEffect(() => {
    if (span === 0) {
      setLoaded({ kind: 'none' })
      return
    }
    let over = false
    setLoaded({ kind: 'loading' })
    const to = Date.now()
    engine.positions.track.query({ unit: unit.id, from: to - span, to }).then(
      (points) => {
        if (over) return
        setLoaded({ kind: 'there', points })
        setAt(points.at(-1)?.at ?? null)
      },
      (error) => !over && setLoaded({ kind: 'failed', why: explain(error) }),
    )
    return () => {
      over = true
    }
  }, [unit.id, span])
  useEffect(() => {
    mapView.showTrack(loaded.kind === 'there' ? { points: loaded.points, at } : undefined)
  }, [loaded, at])
  useEffect(() => () => mapView.showTrack(undefined), [])

  const label = (value: Span) => {
    if (value === 0) return t('card.trackNone')
    return value < 60 * MINUTE
      ? t('card.trackMinutes', { n: value / MINUTE })
      : t('card.trackHours', { n: value / 60 / MINUTE })
  }
  return (
    <div className={styles.track}>
      <span id="track-label">{t('card.track')}</span>
      <Segmented<Span>
        size="small"
        value={span}
        aria-labelledby="track-label"
        options={spans.map((value) => ({ value, label: label(value) }))}
        onChange={setSpan}
      />
      {loaded.kind === 'loading' && <p>{t('card.trackLoading')}</p>}
      {loaded.kind === 'failed' && <p role="alert">{t('card.trackFailed', { why: loaded.why })}</p>}
      {loaded.kind === 'there' && <Replay points={loaded.points} at={at} onMove={setAt} words={distance} />}
    </div>
  )
}

interface ReplayProps {
  readonly points: readonly TrackPoint[]
  readonly at: number | null
  onMove(at: number): void
  words(metres: number): string
}

function Replay({ points, at, onMove, words }: ReplayProps) {
  const { t } = useTranslation()
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined || first === last) return <p>{t('card.trackEmpty')}</p>
  const time = (instant: number) => new Date(instant).toLocaleTimeString('en-GB')
  return (
    <>
      <Slider
        min={first.at}
        max={last.at}
        step={1000}
        value={at ?? last.at}
        onChange={onMove}
        ariaLabelForHandle={t('card.trackAt')}
        ariaValueTextFormatterForHandle={(value) => time(value)}
        tooltip={{ formatter: (value) => time(value ?? last.at) }}
      />
      <p>
        {t('card.trackAt')} {time(at ?? last.at)} ·{' '}
        {t('card.trackPoints', { n: points.length, distance: words(lengthOf(points)) })}
      </p>
    </>
  )
}
