/** The picture of a source as it comes, or why there is none. */
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import type { Source } from '../../../contract/sources.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { drag } from '../wall/dragged.ts'
import styles from './source-view.module.css'
import { SteeringPad } from './steering-pad.tsx'
import { useSource } from './use-source.ts'

export function SourceView({ source }: { source: Source }) {
  const { t } = useTranslation()
  const screen = useRef<HTMLVideoElement>(null)
  const { isLive } = useSource(source.id, screen)
  const status = useApp(({ sources }) => sources?.[source.id])
  const name = named(source.name)
  const [steers, setSteers] = useState(false)
  const steerable = status?.steering != null
  return (
    <>
      <figure
        className={styles.view}
        data-source={source.id}
        data-state={isLive ? 'live' : 'waiting'}
        draggable
        onDragStart={(event) => drag(event, [source.id])}
      >
        <video ref={screen} aria-label={t('sources.picture', { name })} autoPlay muted playsInline />
        {!isLive && <Waiting source={source.id} />}
        <figcaption>
          <span>{name}</span>
          {isLive && status !== undefined && (
            <span>
              {status.bitrate !== null && t('sources.live', { kbits: Math.round(status.bitrate / 1000) })}
              {status.viewers > 1 && ` · ${t('sources.viewers', { n: status.viewers })}`}
            </span>
          )}
          {steerable && (
            <button
              type="button"
              className={styles.steer}
              aria-pressed={steers}
              onClick={() => setSteers(!steers)}
            >
              {t('steering.title')}
            </button>
          )}
        </figcaption>
      </figure>
      {steerable && steers && <SteeringPad source={source} />}
    </>
  )
}

/** Why there is no picture of a source yet, or any more. */
export function Waiting({ source }: { source: Id }) {
  const { t } = useTranslation()
  const hubAway = useApp(({ sources }) => sources === null)
  const { state, fault } = useApp(({ sources }) => sources?.[source]) ?? { state: 'idle', fault: null }
  const why = fault === null ? '' : t(`sources.faults.${fault}`)
  return <p role="status">{hubAway ? t('sources.hubAway') : t(`sources.states.${state}`, { why })}</p>
}
