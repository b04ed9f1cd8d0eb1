/** Who invites the officer to a room: heard and seen, and never in the way of what is being typed. */
import { Button } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { RoomOutline } from '../../../contract/rooms.ts'
import { named } from '../../app/i18n/index.ts'
import { askForPanel } from '../../app/layout/asked-panels.ts'
import { useApp } from '../../app/store.ts'
import { startInviting } from '../../audio/ringer.ts'
import { prepare } from './attending.ts'
import styles from './rooms.module.css'
import { useOwnAccount, useRoomRequest } from './use-rooms.ts'

export function Invitations() {
  const { t } = useTranslation()
  const list = useApp(({ rooms }) => rooms.list)
  const invited = list?.filter(({ own }) => own === 'invited') ?? []
  const rings = invited.length > 0
  useEffect(() => (rings ? startInviting() : undefined), [rings])
  if (!rings) return null
  return (
    <section className={styles.invitations} aria-label={t('rooms.invitations')}>
      {invited.map((room) => (
        <Invitation key={room.id} room={room} />
      ))}
    </section>
  )
}

function Invitation({ room }: { room: RoomOutline }) {
  const { t } = useTranslation()
  const request = useRoomRequest()
  const account = useOwnAccount()
  const elsewhere = useApp(({ rooms }) => rooms.meeting !== null && rooms.meeting.stage !== 'preview')
  const answer = async (act: 'accept' | 'refuse') => {
    if (account === undefined) return
    const done = await request({ kind: 'move', room: room.id, account: account.id, act })
    if (done === undefined || act === 'refuse') return
    prepare(room)
    askForPanel('rooms')
  }
  return (
    <div className={styles.invitation} role="alert" data-room={room.id}>
      <b>◈ {t('rooms.invited', { chair: named(room.chair), room: room.name })}</b>
      <span>{t('rooms.present', { n: room.present })}</span>
      <Button type="primary" onClick={() => answer('accept')}>
        {t(elsewhere ? 'rooms.acceptLeaving' : 'rooms.accept')}
      </Button>
      <Button onClick={() => answer('refuse')}>{t('rooms.refuse')}</Button>
    </div>
  )
}
