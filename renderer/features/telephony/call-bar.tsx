/** The bar at the bottom: who waits, who is talked to, and the means to call. */
import { Button } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { type Call, inAnsweringOrder } from '../../../contract/telephony.ts'
import { useApp } from '../../app/store.ts'
import { startRinging } from '../../audio/ringer.ts'
import { ActiveCall } from './active-call.tsx'
import styles from './call-bar.module.css'
import { DialField } from './dial-field.tsx'
import { GroupStrip } from './groups/group-strip.tsx'
import { LostGroup } from './groups/lost-group.tsx'
import { OrderButton } from './groups/order-button.tsx'
import { History } from './history/history.tsx'
import { callLevels } from './levels.ts'
import { Lines } from './lines.tsx'
import { LostCall } from './lost-call.tsx'
import { OwnLevels } from './own-levels.tsx'
import { ReceptionMenu } from './reception.tsx'
import { SoundNotice } from './sound-notice.tsx'
import { useAnswerKey } from './use-answer-key.ts'
import { useTelephone } from './use-telephone.ts'
import { WaitingCall } from './waiting-call.tsx'

export function CallBar() {
  const { t } = useTranslation()
  const { lines, calls, groups, lost, lostGroups } = useApp(({ telephony }) => telephony)
  const ringing = calls.some(({ state }) => state === 'waiting')
  useEffect(() => (ringing ? startRinging() : undefined), [ringing])
  const hears = calls.some(({ answeredAt, state }) => answeredAt !== null && state !== 'ended')
  useEffect(() => (hears ? callLevels.follow() : undefined), [hears])
  useAnswerKey()
  if (lines.length === 0) return null
  const waiting = inAnsweringOrder(calls)
  const shownGroups = new Set(groups.map(({ id }) => id))
  const active = calls.filter(
    ({ state, group }) => state !== 'waiting' && (group === null || !shownGroups.has(group)),
  )
  return (
    <section className={styles.bar} aria-label={t('telephone.bar')}>
      <SoundNotice />
      {groups.length + lostGroups.length > 0 && (
        <ul className={styles.groups} aria-label={t('groupCall.list')}>
          {groups.map((group) => (
            <GroupStrip key={group.id} group={group} />
          ))}
          {lostGroups.map((group) => (
            <LostGroup key={group.id} group={group} />
          ))}
        </ul>
      )}
      <div className={styles.lists}>
        <ul className={styles.calls} aria-label={t('telephone.waiting')} data-testid="waiting-calls">
          {waiting.map((call, at) => (
            <WaitingCall key={call.id} call={call} first={at === 0} />
          ))}
        </ul>
        <ul className={styles.calls} aria-label={t('telephone.active')} data-testid="active-calls">
          {active.map((call) => (
            <ActiveCall key={call.id} call={call} others={active.filter(({ id }) => id !== call.id)} />
          ))}
          {lost.map((call) => (
            <LostCall key={call.id} call={call} />
          ))}
          {calls.length + groups.length + lost.length + lostGroups.length === 0 && (
            <li className={styles.none}>{t('telephone.none')}</li>
          )}
        </ul>
      </div>
      <div className={styles.tools}>
        <Confer calls={active} />
        {hears && <OwnLevels />}
        <Lines lines={lines} />
        <ReceptionMenu />
        <DialField />
        <OrderButton />
        <History />
      </div>
    </section>
  )
}

/** Brings everybody who has answered into one conversation. */
function Confer({ calls }: { calls: readonly Call[] }) {
  const { t } = useTranslation()
  const act = useTelephone()
  const answered = calls.filter(({ state }) => state === 'talking' || state === 'held')
  const apart = answered.length > 1 && answered.some(({ conference }) => conference === null)
  if (!apart) return null
  return (
    <Button
      onClick={() => act((telephone) => telephone.confer.mutate({ calls: answered.map(({ id }) => id) }))}
    >
      {t('telephone.confer')}
    </Button>
  )
}
