/** Who is not in the room: those who wait to be let in, those it rings for, and what they answered. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import type { RoomScene } from '../../../contract/rooms.ts'
import { named } from '../../app/i18n/index.ts'
import styles from './rooms.module.css'
import { useRoomRequest } from './use-rooms.ts'

export function Outside({ scene, isChair }: { scene: RoomScene; isChair: boolean }) {
  const { t } = useTranslation()
  const outside = scene.members.flatMap(({ account, name, state }) =>
    state === 'in' ? [] : [{ account, name, state }],
  )
  if (outside.length === 0) return null
  return (
    <ul className={styles.outside} aria-label={t('rooms.outside')}>
      {outside.map(({ account, name, state }) => (
        <li key={account} data-outside={account} data-state={state}>
          {named(name)} · {t(`rooms.member.${state}`)}
          {isChair && state === 'asking' && <Letting room={scene.id} account={account} />}
        </li>
      ))}
    </ul>
  )
}

function Letting({ room, account }: { room: string; account: Id }) {
  const { t } = useTranslation()
  const request = useRoomRequest()
  const move = (act: 'admit' | 'turn-away') => () => request({ kind: 'move', room, account, act })
  return (
    <>
      <Button type="primary" onClick={move('admit')}>
        {t('rooms.admit')}
      </Button>
      <Button onClick={move('turn-away')}>{t('rooms.turnAway')}</Button>
    </>
  )
}
