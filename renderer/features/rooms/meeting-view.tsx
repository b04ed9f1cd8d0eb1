/** The room that the officer is in: everybody's tiles, who is not there yet, and what can be done. */
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SceneCarried } from '../../../contract/carried.ts'
import type { RoomScene } from '../../../contract/rooms.ts'
import { threadOfRoom } from '../../../contract/threads.ts'
import { Watched } from '../../../contract/watched.ts'
import { named } from '../../app/i18n/index.ts'
import { Conversation } from '../threads/conversation.tsx'
import { arrange, columnsFor, type Tile } from './arrangement.ts'
import { meetingNow } from './attending.ts'
import { CarriedTile } from './carried-tile.tsx'
import { ChairBar, TakeChair } from './chair-bar.tsx'
import { Outside } from './outside.tsx'
import { OwnBar } from './own-bar.tsx'
import styles from './rooms.module.css'
import type { MeetingState } from './slice.ts'
import { TileView } from './tile-view.tsx'
import { useMayChair, useOwnAccount, useWatched } from './use-rooms.ts'

export function MeetingView({ meeting }: { meeting: MeetingState }) {
  const { t } = useTranslation()
  const { scene, stage, name } = meeting
  const account = useOwnAccount()
  const mayChair = useMayChair()
  if (account === undefined) return null
  const isChair = scene?.chair === account.id
  const chair = scene?.members.find((member) => member.account === scene.chair)
  return (
    <section className={styles.meeting} aria-label={t('rooms.room', { name })} data-stage={stage}>
      <header className={styles.head}>
        <h2>{name}</h2>
        <span>{chair !== undefined && t('rooms.chairedBy', { chair: named(chair.name) })}</span>
        {stage !== 'in' && (
          <b role="status" className={styles.waiting}>
            {t(`rooms.stages.${stage}`)}
          </b>
        )}
      </header>
      {scene !== null && (
        <>
          <Outside scene={scene} isChair={isChair} />
          <div className={styles.middle}>
            <Tiles meeting={meeting} scene={scene} own={account.id} isChair={isChair} />
            {meeting.chatting && (
              <section className={styles.chat} aria-label={t('rooms.chat')}>
                <Conversation name={threadOfRoom(scene)} key={scene.id} account={account.id} />
              </section>
            )}
          </div>
          {isChair && <ChairBar scene={scene} />}
          {!isChair && chair?.state !== 'in' && mayChair(scene.scope) && <TakeChair scene={scene} />}
        </>
      )}
      <OwnBar meeting={meeting} own={account.id} />
    </section>
  )
}

const nothing = new Watched<ReadonlyMap<string, MediaStream>>(new Map())

interface TilesProps {
  readonly meeting: MeetingState
  readonly scene: RoomScene
  readonly own: string
  readonly isChair: boolean
}

function Tiles({ meeting, scene, own, isChair }: TilesProps) {
  const pictures = useWatched(meetingNow()?.pictures ?? nothing)
  const { large, small } = arrange(scene, own)
  const stage = useRef<HTMLUListElement>(null)
  const columns = useColumns(stage, large.length + (small.length === 0 ? scene.carried.length : 0))
  const view = (tile: Tile) => (
    <TileView
      key={tile.key}
      tile={tile}
      scene={scene}
      scores={meeting.scores}
      own={own}
      isChair={isChair}
      stream={tile.picture === undefined ? undefined : pictures.get(tile.picture.producer)}
    />
  )
  const carried = (each: SceneCarried) => (
    <CarriedTile key={each.id} carried={each} scene={scene} own={own} isChair={isChair} />
  )
  return (
    <div className={styles.stage} data-layout={scene.layout}>
      <ul ref={stage} className={styles.large} style={{ '--columns': columns } as React.CSSProperties}>
        {large.map(view)}
        {small.length === 0 && scene.carried.map(carried)}
      </ul>
      {small.length > 0 && (
        <ul className={styles.small}>
          {small.map(view)}
          {scene.carried.map(carried)}
        </ul>
      )}
    </div>
  )
}

function useColumns(area: React.RefObject<HTMLElement | null>, tiles: number): number {
  const [size, setSize] = useState({ width: 1, height: 1 })
  useEffect(() => {
    if (area.current === null) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSize(entry.contentRect)
    })
    observer.observe(area.current)
    return () => observer.disconnect()
  }, [area])
  return columnsFor(tiles, size.width, size.height)
}
