/** One place on the wall. */
import { type DragEvent, type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import type { Source } from '../../../contract/sources.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp, useSend } from '../../app/store.ts'
import { timeOf } from '../../ui/moment.ts'
import { offerFile } from '../../ui/offer-file.ts'
import { Waiting } from '../sources/source-view.tsx'
import { SteeringPad } from '../sources/steering-pad.tsx'
import { useSource } from '../sources/use-source.ts'
import { UnitSymbol } from '../units/unit-symbol.tsx'
import { drag, dropped, isDragged } from './dragged.ts'
import { placedAt, withoutSource, withSources } from './places.ts'
import { hearingToggled, spotlit, takenOff } from './slice.ts'
import { drawn, snapshotOf } from './snapshot.ts'
import { TileAct } from './tile-act.tsx'
import { TileStatistics } from './tile-statistics.tsx'
import { ToIncident } from './to-incident.tsx'
import { useWall } from './use-wall.ts'
import styles from './wall.module.css'

export function EmptyPlace({ place }: { place: number }) {
  return (
    <DropPlace place={place}>
      <span className={styles.number}>{place + 1}</span>
    </DropPlace>
  )
}

interface WallTileProps {
  readonly source: Source
  readonly place: number
  readonly isLarge: boolean
}

export function WallTileView({ source, place, isLarge }: WallTileProps) {
  const { t } = useTranslation()
  const send = useSend()
  const screen = useRef<HTMLVideoElement>(null)
  const still = useRef<HTMLCanvasElement>(null)
  const [frozenAt, setFrozenAt] = useState<number | null>(null)
  const { statistics, heard } = useApp((state) => state.wall)
  const listens = heard.includes(source.id)
  const steerable = useApp(({ sources }) => sources?.[source.id]?.steering != null)
  const [steers, setSteers] = useState(false)
  const { isLive, hasSound } = useSource(source.id, screen, listens)
  const [wall, keep] = useWall()
  const name = named(source.name)
  const freeze = () => {
    if (frozenAt !== null) setFrozenAt(null)
    else if (drawn(screen.current, still.current)) setFrozenAt(Date.now())
  }
  const shown = () => (frozenAt === null ? screen.current : still.current)
  const takeOff = () => {
    keep(withoutSource(wall, source.id))
    send(takenOff(source.id))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = stepOf(event.key, Math.sqrt(wall.size))
    if (event.key === 'Delete') takeOff()
    else if (step !== undefined && event.ctrlKey) keep(placedAt(wall, source.id, place + step))
    else if (step !== undefined) focusPlace(event.currentTarget, step)
    else return
    event.preventDefault()
  }
  const state = frozenAt !== null ? 'frozen' : isLive ? 'live' : 'waiting'
  return (
    <DropPlace place={place} source={source.id}>
      <figure className={styles.tile} data-source={source.id} data-state={state}>
        <video ref={screen} aria-label={t('sources.picture', { name })} autoPlay muted playsInline />
        <canvas ref={still} className={styles.still} hidden={frozenAt === null} />
        {!isLive && frozenAt === null && <Waiting source={source.id} />}
        {frozenAt !== null && (
          <b className={styles.frozen}>{t('wall.frozenSince', { time: timeOf(frozenAt) })}</b>
        )}
        {statistics && isLive && <TileStatistics source={source.id} screen={screen} />}
        {steerable && steers && (
          <div className={styles.steering}>
            <SteeringPad source={source} />
          </div>
        )}
        <figcaption>
          <button
            type="button"
            className={styles.name}
            aria-pressed={isLarge}
            title={t('wall.tileHint')}
            data-place={place}
            onClick={() => send(spotlit(isLarge ? null : source.id))}
            onKeyDown={onKeyDown}
          >
            <Carrier source={source} />
            <span>{name}</span>
          </button>
          <span className={styles.acts}>
            {hasSound && (
              <TileAct
                label={t(listens ? 'wall.hush' : 'wall.listen', { name })}
                sign="♪"
                pressed={listens}
                onClick={() => send(hearingToggled(source.id))}
              />
            )}
            {steerable && (
              <TileAct
                label={t('steering.of', { name })}
                sign="✥"
                pressed={steers}
                onClick={() => setSteers(!steers)}
              />
            )}
            <TileAct
              label={t(frozenAt === null ? 'wall.freeze' : 'wall.unfreeze', { name })}
              sign={frozenAt === null ? '❚❚' : '▶'}
              pressed={frozenAt !== null}
              disabled={!isLive && frozenAt === null}
              onClick={freeze}
            />
            <TileAct
              label={t('wall.snapshot', { name })}
              sign="⤓"
              disabled={!isLive && frozenAt === null}
              onClick={() =>
                void snapshotOf(shown(), name, frozenAt, 'png').then((file) => {
                  if (file !== undefined) offerFile(file, file.name)
                })
              }
            />
            <ToIncident
              name={name}
              disabled={!isLive && frozenAt === null}
              take={() => snapshotOf(shown(), name, frozenAt, 'jpeg')}
            />
            <TileAct label={t('wall.takeOff', { name })} sign="✕" onClick={takeOff} />
          </span>
        </figcaption>
      </figure>
    </DropPlace>
  )
}

/** Whoever carries it, by the shape of the agency. */
function Carrier({ source: { unit: id, agency } }: { source: Source }) {
  const unit = useApp(({ shared }) => (id === null ? undefined : shared.state.directory.units[id]))
  const kind = useApp(({ shared }) => shared.state.directory.agencies[agency]?.kind ?? 'other')
  return unit === undefined ? (
    <UnitSymbol agency={kind} />
  ) : (
    <UnitSymbol agency={kind} kind={unit.kind} state={unit.state} />
  )
}

/** Takes what is dropped on it. What is dragged from it is its source, if it has one. */
function DropPlace({ place, source, children }: { place: number; source?: Id; children: ReactNode }) {
  const [wall, keep] = useWall()
  const [over, setOver] = useState(false)
  const known = useApp(({ shared }) => shared.state.video.sources)
  const allow = (event: DragEvent) => {
    if (!isDragged(event)) return
    event.preventDefault()
    setOver(true)
  }
  const drop = (event: DragEvent) => {
    setOver(false)
    const [first, ...others] = dropped(event).filter((id) => known[id] !== undefined)
    if (first === undefined) return
    event.preventDefault()
    keep(withSources(placedAt(wall, first, place), others))
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of each tile do the same.
    <div
      className={styles.drop}
      data-over={over || undefined}
      draggable={source !== undefined}
      onDragStart={(event) => source !== undefined && drag(event, [source])}
      onDragOver={allow}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {children}
    </div>
  )
}

function stepOf(key: string, columns: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return -1
    case 'ArrowRight':
      return 1
    case 'ArrowUp':
      return -columns
    case 'ArrowDown':
      return columns
    default:
      return undefined
  }
}

/** The tile in that direction; where there is none the focus stays. */
function focusPlace(from: EventTarget & Element, step: number): void {
  const place = Number((from as HTMLElement).dataset.place) + step
  from.closest('ul')?.querySelector<HTMLElement>(`[data-place="${place}"]`)?.focus()
}
