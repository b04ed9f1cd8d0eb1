/** What the chair may do to somebody in the room, or to a source that is shown there. */
import { Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ChairAct, RoomScene } from '../../../contract/rooms.ts'
import { named } from '../../app/i18n/index.ts'
import { isSpotlit, type SceneMember, type Tile } from './arrangement.ts'
import { useRoomRequest } from './use-rooms.ts'

interface MemberMenuProps {
  readonly tile: Tile
  readonly scene: RoomScene
  /** Of a person. */
  readonly member: SceneMember | undefined
  readonly isOwn: boolean
}

export function MemberMenu({ tile, scene, member, isOwn }: MemberMenuProps) {
  const { t } = useTranslation()
  const request = useRoomRequest()
  const { of, owner } = tile
  if (of === 'screen') return null
  const chair = (chaired: ChairAct) => () => void request({ kind: 'chair', room: scene.id, chaired })
  const lit = isSpotlit(scene, tile)
  const on =
    of === 'person' ? { kind: 'member' as const, account: owner } : { kind: 'source' as const, source: owner }
  const mute = (what: 'sound' | 'picture', muted: boolean) => ({
    key: what,
    label: t(`rooms.mute.${what}.${muted ? 'on' : 'off'}`),
    onClick: chair({ act: 'mute', account: owner, what, muted: !muted }),
  })
  const items = [
    ...(member === undefined || isOwn
      ? []
      : [mute('sound', member.muted.sound), mute('picture', member.muted.picture)]),
    {
      key: 'spotlight',
      label: t(lit ? 'rooms.spotlightOff' : 'rooms.spotlightOn'),
      onClick: chair({ act: 'spotlight', on: lit ? null : on }),
    },
    ...(of === 'source'
      ? [{ key: 'hide', label: t('rooms.hideSource'), onClick: chair({ act: 'hide-source', source: owner }) }]
      : []),
    ...(member === undefined || isOwn
      ? []
      : [
          { key: 'pass', label: t('rooms.passChair'), onClick: chair({ act: 'pass-chair', to: owner }) },
          {
            key: 'remove',
            label: t('rooms.remove'),
            danger: true,
            onClick: () => void request({ kind: 'move', room: scene.id, account: owner, act: 'remove' }),
          },
        ]),
  ]
  return (
    <Dropdown trigger={['click']} menu={{ items }} placement="topRight">
      <Button aria-label={t('rooms.chairActs', { name: named(tile.name) })}>⋯</Button>
    </Dropdown>
  )
}
