/** Where a unit is: the live position from the frames, and what only the hub knows of its last fix. */
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Unit } from '../../../contract/directory.ts'
import { unpackHeading, unpackSpeed } from '../../../contract/position-frame.ts'
import type { PositionDetail } from '../../../contract/positions.ts'
import { engine } from '../../app/engine.ts'
import { useApp } from '../../app/store.ts'
import { useAge, useNow } from '../../ui/age.ts'
import { writePlace } from '../map/coordinates.ts'
import { mapView } from '../map/map-view.ts'
import { positions } from '../map/position-store.ts'
import styles from './card.module.css'

const ASK_EVERY_MS = 2000
const MOVING_M_S = 0.3

export function PositionLines({ unit }: { unit: Unit }) {
  const { t } = useTranslation()
  const age = useAge()
  const now = useNow()
  const detail = useDetail(unit.id)
  const hubDown = useApp(({ status }) =>
    status.link.lamps.some(({ name, state }) => name === 'hub' && state === 'down'),
  )
  const { index } = unit
  const since = positions.age(index)
  if (since === undefined)
    return (
      <>
        <dt>{t('card.position')}</dt>
        <dd>{t('card.never')}</dd>
        {detail !== undefined && <DoubtLine detail={detail} now={now} />}
      </>
    )
  const stale = positions.isStale(index)
  const speed = unpackSpeed(positions.speed[index] ?? 0)
  const heading = unpackHeading(positions.heading[index] ?? 0)
  const place = { lat: (positions.lat[index] ?? 0) / 1e7, lon: (positions.lon[index] ?? 0) / 1e7 }
  const { accuracy, battery } = detail?.fix ?? {}
  return (
    <>
      <dt>{t('card.position')}</dt>
      <dd>
        <Button
          type="link"
          size="small"
          className={styles.place ?? ''}
          onClick={() => mapView.centreOn(index)}
          title={t('card.centre')}
        >
          {writePlace(place)}
        </Button>
        {accuracy !== undefined && <div>{t('card.accuracy', { metres: Math.round(accuracy) })}</div>}
      </dd>
      <dt>{t('card.fix')}</dt>
      <dd data-stale={stale || undefined} className={stale ? (styles.stale ?? '') : ''}>
        {stale ? `◌ ${t('card.stale', { age: age(since) })}` : t('card.fresh', { age: age(since) })}
        {hubDown && <div>{t('card.offline')}</div>}
      </dd>
      <dt>{t('card.speed')}</dt>
      <dd>
        {speed === undefined
          ? '–'
          : speed < MOVING_M_S
            ? t('card.standing')
            : t('units.speed', { n: Math.round(speed * 3.6) })}
        {heading !== undefined && speed !== undefined && speed >= MOVING_M_S && (
          <> · {t('card.heading', { degrees: Math.round(heading) })}</>
        )}
      </dd>
      {battery !== undefined && (
        <>
          <dt>{t('card.battery')}</dt>
          <dd>{t('units.percent', { n: Math.round(battery) })}</dd>
        </>
      )}
      {detail !== undefined && <DoubtLine detail={detail} now={now} />}
    </>
  )
}

function DoubtLine({ detail: { doubted }, now }: { detail: PositionDetail; now: number }) {
  const { t } = useTranslation()
  const age = useAge()
  if (doubted === null) return null
  const words = { age: age(now - doubted.fix.at) }
  return (
    <dd className={styles.doubt} role="status">
      ◆ {doubted.doubt === 'implausible' ? t('card.doubtImplausible', words) : t('card.doubtFuture', words)}
    </dd>
  )
}

/** What the hub knows of the position, asked for as long as the card shows. The last answer stays while the hub is away. */
function useDetail(unit: string): PositionDetail | undefined {
  const [detail, setDetail] = useState<PositionDetail>()
  useEffect(() => {
    let over = false
    const ask = () =>
      engine.positions.of.query({ unit }).then(
        (answer) => {
          if (!over) setDetail(answer)
        },
        // The lamp says that the hub is away; the card goes on with what it has.
        () => undefined,
      )
    void ask()
    const timer = setInterval(ask, ASK_EVERY_MS)
    return () => {
      over = true
      clearInterval(timer)
    }
  }, [unit])
  return detail
}
