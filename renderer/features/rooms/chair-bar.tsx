/** What the chair may do to the room as a whole. */
import { Button, Dropdown, Popconfirm, Segmented } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import { type ChairAct, layouts, type RoomScene } from '../../../contract/rooms.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { FormPopover } from '../../ui/form-popover.tsx'
import { InviteChoice, useReachable } from './open-room.tsx'
import styles from './rooms.module.css'
import { useRoomRequest } from './use-rooms.ts'

export function ChairBar({ scene }: { scene: RoomScene }) {
  const { t } = useTranslation()
  const request = useRoomRequest()
  const { id: room, layout, quiet } = scene
  const chair = (chaired: ChairAct) => void request({ kind: 'chair', room, chaired })
  return (
    <fieldset className={styles.bar} aria-label={t('rooms.chair')}>
      <Segmented<RoomScene['layout']>
        aria-label={t('rooms.layout')}
        value={layout}
        options={layouts.map((value) => ({ value, label: t(`rooms.layouts.${value}`) }))}
        onChange={(next) => chair({ act: 'layout', layout: next })}
      />
      <Button aria-pressed={quiet} onClick={() => chair({ act: 'mute-all', muted: !quiet })}>
        {t(quiet ? 'rooms.unmuteAll' : 'rooms.muteAll')}
      </Button>
      <Invite scene={scene} />
      <ShowSource scene={scene} />
      <Popconfirm
        title={t('rooms.endForAll')}
        okText={t('rooms.end')}
        cancelText={t('common.cancel')}
        onConfirm={() => request({ kind: 'end', room })}
      >
        <Button danger>{t('rooms.end')}…</Button>
      </Popconfirm>
    </fieldset>
  )
}

/** Whoever may chair, while the chair is away. */
export function TakeChair({ scene }: { scene: RoomScene }) {
  const { t } = useTranslation()
  const request = useRoomRequest()
  return (
    <div className={styles.bar}>
      {t('rooms.chairAway')}
      <Button onClick={() => request({ kind: 'take-chair', room: scene.id })}>{t('rooms.takeChair')}</Button>
    </div>
  )
}

/** Of the cameras that the chair may watch: everybody in the room is shown it. */
function ShowSource({ scene: { id: room, sources: shown } }: { scene: RoomScene }) {
  const { t } = useTranslation()
  const request = useRoomRequest()
  const sources = useApp(({ shared }) => shared.state.video.sources)
  const others = Object.values(sources).filter(({ id }) => !shown.some(({ source }) => source === id))
  if (others.length === 0) return null
  return (
    <Dropdown
      trigger={['click']}
      placement="top"
      menu={{
        items: others.map(({ id, name }) => ({ key: id, label: named(name) })),
        onClick: ({ key }) =>
          void request({ kind: 'chair', room, chaired: { act: 'show-source', source: key } }),
      }}
    >
      <Button>{t('rooms.showSource')}</Button>
    </Dropdown>
  )
}

function Invite({ scene }: { scene: RoomScene }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <FormPopover
      placement="top"
      open={open}
      onOpenChange={setOpen}
      form={<InviteForm scene={scene} onDone={() => setOpen(false)} />}
    >
      <Button>{t('rooms.inviteMore')}</Button>
    </FormPopover>
  )
}

function InviteForm({ scene: { id: room, members }, onDone }: { scene: RoomScene; onDone(): void }) {
  const { t } = useTranslation()
  const request = useRoomRequest()
  const { reachable, failed } = useReachable()
  const [invited, setInvited] = useState<readonly Id[]>([])
  const there = new Set(
    members.flatMap(({ account, state }) => (state === 'in' || state === 'expected' ? [account] : [])),
  )
  const send = async (event: FormEvent) => {
    event.preventDefault()
    for (const account of invited) await request({ kind: 'move', room, account, act: 'invite' })
    onDone()
  }
  return (
    <form className={styles.form} onSubmit={send} aria-label={t('rooms.inviteMore')}>
      <InviteChoice
        reachable={reachable.filter(({ account }) => !there.has(account))}
        value={invited}
        onChange={setInvited}
      />
      {failed !== undefined && <p role="alert">{failed}</p>}
      <Button type="primary" htmlType="submit" disabled={invited.length === 0}>
        {t('rooms.ring')}
      </Button>
    </form>
  )
}
