/** The rooms that there are; before joining one, how one will be seen; in one, the room. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { RoomOutline } from '../../../contract/rooms.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp, useSend } from '../../app/store.ts'
import { useExplainRefusal } from '../../ui/refusal.ts'
import { prepare } from './attending.ts'
import { MeetingView } from './meeting-view.tsx'
import { OpenRoom } from './open-room.tsx'
import { Preview } from './preview.tsx'
import styles from './rooms.module.css'
import { overNoted } from './slice.ts'
import { useMayChair, useOwnAccount, useOwnScope, useRoomRequest } from './use-rooms.ts'

export function RoomsPanel() {
  const meeting = useApp(({ rooms }) => rooms.meeting)
  if (meeting === null) return <RoomList />
  return meeting.stage === 'preview' ? (
    <Preview meeting={meeting} key={meeting.room} />
  ) : (
    <MeetingView meeting={meeting} key={meeting.room} />
  )
}

function RoomList() {
  const { t } = useTranslation()
  const list = useApp(({ rooms }) => rooms.list)
  const scope = useOwnScope()
  return (
    <section className={styles.panel} aria-label={t('rooms.list')}>
      <Over />
      {list !== null && scope !== undefined && <OpenRoom scope={scope} type="primary" />}
      {list === null ? (
        <p className={styles.empty}>{t('rooms.hubAway')}</p>
      ) : list.length === 0 ? (
        <p className={styles.empty}>{t('rooms.none')}</p>
      ) : (
        <ul className={styles.list}>
          {list.map((room) => (
            <Row key={room.id} room={room} />
          ))}
        </ul>
      )}
    </section>
  )
}

/** Why the officer is not in the last one any more. */
function Over() {
  const { t } = useTranslation()
  const send = useSend()
  const explain = useExplainRefusal()
  const over = useApp(({ rooms }) => rooms.over)
  if (over === null) return null
  const { name, how } = over
  return (
    <p className={styles.over} role="alert">
      <span>
        {typeof how === 'string'
          ? t(`rooms.ends.${how}`, { name })
          : t('rooms.refused', { name, why: explain(how) })}
      </span>
      <Button onClick={() => send(overNoted())}>{t('outbox.dismiss')}</Button>
    </p>
  )
}

function Row({ room }: { room: RoomOutline }) {
  const { t } = useTranslation()
  const { id, name, chair, present, own } = room
  return (
    <li className={styles.row} data-room={id} data-own={own}>
      <p className={styles.name}>{name}</p>
      <p className={styles.facts}>
        {t('rooms.chairedBy', { chair: named(chair) })} · {t('rooms.present', { n: present })}
        {own !== 'none' && ` · ${t(`rooms.own.${own}`)}`}
      </p>
      <Acts room={room} />
    </li>
  )
}

function Acts({ room }: { room: RoomOutline }) {
  const { t } = useTranslation()
  const request = useRoomRequest()
  const account = useOwnAccount()
  const mayChair = useMayChair()
  if (account === undefined) return null
  const move = (act: 'accept' | 'refuse' | 'ask') =>
    request({ kind: 'move', room: room.id, account: account.id, act })
  switch (room.own) {
    case 'invited':
      return (
        <span className={styles.acts}>
          <Button
            type="primary"
            onClick={async () => {
              if ((await move('accept')) !== undefined) prepare(room)
            }}
          >
            {t('rooms.accept')}
          </Button>
          <Button onClick={() => move('refuse')}>{t('rooms.refuse')}</Button>
        </span>
      )
    case 'expected':
    case 'left':
    case 'in':
      return (
        <Button type="primary" onClick={() => prepare(room)}>
          {t('rooms.enter')}
        </Button>
      )
    case 'none':
    case 'refused':
      return mayChair(room.scope) ? <Button onClick={() => move('ask')}>{t('rooms.ask')}</Button> : null
    case 'asking':
    case 'removed':
      return null
  }
}
