/** The picture of a source as it comes, or why there is none. */
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Source, SourceStatus } from '../../../contract/sources.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import styles from './source-view.module.css'
import { useSource } from './use-source.ts'

export function SourceView({ source }: { source: Source }) {
  const { t } = useTranslation()
  const stream = useSource(source.id)
  const screen = useRef<HTMLVideoElement>(null)
  const [playing, setPlaying] = useState(false)
  const status = useApp(({ sources }) => sources?.[source.id])
  const hubAway = useApp(({ sources }) => sources === null)
  useEffect(() => {
    setPlaying(false)
    if (screen.current !== null) screen.current.srcObject = stream
  }, [stream])
  const name = named(source.name)
  const isLive = playing && stream !== null
  return (
    <figure className={styles.view} data-source={source.id} data-state={isLive ? 'live' : 'waiting'}>
      <video
        ref={screen}
        aria-label={t('sources.picture', { name })}
        autoPlay
        muted
        playsInline
        onPlaying={() => setPlaying(true)}
      />
      {!isLive && <p role="status">{hubAway ? t('sources.hubAway') : <Waiting status={status} />}</p>}
      <figcaption>
        <span>{name}</span>
        {isLive && status !== undefined && (
          <span>
            {status.bitrate !== null && t('sources.live', { kbits: Math.round(status.bitrate / 1000) })}
            {status.viewers > 1 && ` · ${t('sources.viewers', { n: status.viewers })}`}
          </span>
        )}
      </figcaption>
    </figure>
  )
}

function Waiting({ status }: { status: SourceStatus | undefined }) {
  const { t } = useTranslation()
  const { state, fault } = status ?? { state: 'idle', fault: null }
  return t(`sources.states.${state}`, { why: fault === null ? '' : t(`sources.faults.${fault}`) })
}
