/** What the officer does in the room themselves: microphone, camera, hand, leaving. */
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import type { RoomScene } from '../../../contract/rooms.ts'
import { threadKey, threadOfRoom } from '../../../contract/threads.ts'
import { useApp, useSend } from '../../app/store.ts'
import { LiveMeter, SPEECH } from '../../ui/live-meter.tsx'
import { useExplain } from '../../ui/refusal.ts'
import { unreadIn } from '../threads/unread.ts'
import { hideScreen, leave, meetingNow, ownCamera, want } from './attending.ts'
import { Carry } from './carry.tsx'
import styles from './rooms.module.css'
import { ScreenChoice } from './screen-choice.tsx'
import { chatShown, type MeetingState } from './slice.ts'
import { useWatched } from './use-rooms.ts'

export function OwnBar({
  meeting: { stage, scene, sending, showsScreen, chatting, unsent },
  own,
}: {
  meeting: MeetingState
  own: Id
}) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const explain = useExplain()
  const picture = useWatched(ownCamera.picture)
  const member = scene?.members.find(({ account }) => account === own)
  const raised = member?.handAt != null
  const { microphone, camera } = sending
  const raise = () =>
    meetingNow()
      ?.raiseHand(!raised)
      .catch((error) => message.error(explain(error)))
  return (
    <div className={styles.bar}>
      <Button
        aria-pressed={microphone}
        type={microphone ? 'primary' : 'default'}
        onClick={() => want({ microphone: !microphone })}
      >
        {t(microphone ? 'rooms.microphoneOn' : 'rooms.microphoneOff')}
      </Button>
      <Button aria-pressed={camera} onClick={() => want({ camera: !camera })}>
        {t(camera ? 'rooms.cameraOn' : 'rooms.cameraOff')}
      </Button>
      {showsScreen ? (
        <Button type="primary" onClick={hideScreen}>
          ■ {t('rooms.stopScreen')}
        </Button>
      ) : (
        <ScreenChoice disabled={stage !== 'in'} />
      )}
      <Button aria-pressed={raised} onClick={raise}>
        ▲ {t(raised ? 'rooms.lowerHand' : 'rooms.raiseHand')}
      </Button>
      {scene !== null && stage === 'in' && <Carry scene={scene} />}
      {scene !== null && <Chat scene={scene} own={own} open={chatting} />}
      <LiveMeter read={() => meetingNow()?.level() ?? 0} max={SPEECH} label={t('rooms.heard')} />
      {camera && picture.kind === 'missing' && <span role="status">{t('rooms.noCamera')}</span>}
      {unsent !== null && <b role="alert">{t(`rooms.unsent.${unsent}`)}</b>}
      {member?.muted.sound === true && (
        <b role="status" className={styles.waiting}>
          {t('rooms.youAreMuted')}
        </b>
      )}
      {member?.muted.picture === true && (
        <b role="status" className={styles.waiting}>
          {t('rooms.youAreHidden')}
        </b>
      )}
      <span className={styles.grow} />
      <Button danger onClick={leave}>
        {t('rooms.leave')}
      </Button>
    </div>
  )
}

/** Shows what is written in the room; until then, how much of it is new. */
function Chat({ scene, own, open }: { scene: RoomScene; own: Id; open: boolean }) {
  const { t } = useTranslation()
  const send = useSend()
  const thread = useApp(({ shared }) => shared.state.threads[threadKey(threadOfRoom(scene))])
  const unread = thread === undefined || open ? 0 : unreadIn(thread, own)
  return (
    <Button
      aria-pressed={open}
      type={unread > 0 ? 'primary' : 'default'}
      onClick={() => send(chatShown(!open))}
    >
      {unread > 0 ? t('rooms.unreadChat', { n: unread }) : t('rooms.chat')}
    </Button>
  )
}
