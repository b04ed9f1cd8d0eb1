/** One tile: a picture or a name, and how its owner is. */
import { useTranslation } from 'react-i18next'
import type { RoomScene } from '../../../contract/rooms.ts'
import { named } from '../../app/i18n/index.ts'
import { isSpotlit, qualityOf, type SceneMember, type Tile } from './arrangement.ts'
import { meetingNow, ownCamera } from './attending.ts'
import { MemberMenu } from './member-menu.tsx'
import { OwnPictureView, Picture } from './picture.tsx'
import styles from './rooms.module.css'
import { useWatched } from './use-rooms.ts'

interface TileViewProps {
  readonly tile: Tile
  readonly scene: RoomScene
  readonly scores: Readonly<Record<string, number>>
  readonly own: string
  readonly isChair: boolean
  readonly stream: MediaStream | undefined
}

export function TileView({ tile, scene, scores, own, isChair, stream }: TileViewProps) {
  const { t } = useTranslation()
  const { of, owner, picture } = tile
  const name = named(tile.name)
  const member = of === 'person' ? scene.members.find(({ account }) => account === owner) : undefined
  const isOwn = of === 'person' && owner === own
  const isOwnScreen = of === 'screen' && owner === own
  const speaks = member !== undefined && scene.speaker === owner && isHeard(member)
  return (
    <li
      className={styles.tile}
      data-tile={tile.key}
      data-speaks={speaks}
      data-picture={
        isOwn || isOwnScreen || picture === undefined ? 'none' : stream === undefined ? 'coming' : 'live'
      }
    >
      {isOwnScreen ? (
        <span className={styles.none} role="status">
          {t('rooms.ownScreen')}
        </span>
      ) : (
        <Shown tile={tile} isOwn={isOwn} stream={stream} name={name} />
      )}
      <p className={styles.caption}>
        <b>{of === 'screen' ? t('rooms.screenOf', { name }) : name}</b>
        {speaks && <span className={styles.speaks}>● {t('rooms.speaks')}</span>}
        {member !== undefined && !isHeard(member) && (
          <span data-mark="muted">{t(member.muted.sound ? 'rooms.mutedByChair' : 'rooms.silent')}</span>
        )}
        {member?.handAt != null && <span data-mark="hand">▲ {t('rooms.handUp')}</span>}
        {isSpotlit(scene, tile) && <span>★ {t('rooms.spotlit')}</span>}
        {member !== undefined && !isOwn && <Line member={member} scores={scores} />}
        {isChair && <MemberMenu tile={tile} scene={scene} member={member} isOwn={isOwn} />}
      </p>
    </li>
  )
}

function Shown({
  tile,
  isOwn,
  stream,
  name,
}: Pick<TileViewProps, 'tile' | 'stream'> & { isOwn: boolean; name: string }) {
  const { t } = useTranslation()
  const ownPicture = useWatched(ownCamera.picture)
  const meeting = meetingNow()
  if (isOwn && ownPicture.kind === 'on') return <OwnPictureView stream={ownPicture.stream} />
  if (tile.of === 'source' && tile.picture === undefined)
    return (
      <span className={styles.none} role="status">
        {t('rooms.noPicture')}
      </span>
    )
  if (isOwn || tile.picture === undefined || meeting === undefined)
    return (
      <span className={styles.initial} aria-hidden="true">
        {name.slice(0, 1)}
      </span>
    )
  return (
    <Picture
      meeting={meeting}
      producer={tile.picture.producer}
      stream={stream}
      label={t('sources.picture', { name })}
      key={tile.picture.producer}
    />
  )
}

/** How well comes what they send. */
function Line({ member, scores }: { member: SceneMember; scores: TileViewProps['scores'] }) {
  const { t } = useTranslation()
  const quality = qualityOf(member.tracks, scores)
  if (quality === undefined) return null
  return <span data-quality={quality}>{t(`rooms.quality.${quality}`)}</span>
}

/** Their microphone is on, and nobody has muted them. */
const isHeard = ({ tracks, muted }: SceneMember): boolean =>
  !muted.sound && tracks.some(({ track, paused }) => track === 'microphone' && !paused)
