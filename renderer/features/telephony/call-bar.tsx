/** The bar at the bottom: who waits, who is talked to, and the means to call. */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { inAnsweringOrder } from '../../../contract/telephony.ts'
import { useApp } from '../../app/store.ts'
import { startRinging } from '../../audio/ringer.ts'
import { ActiveCall } from './active-call.tsx'
import styles from './call-bar.module.css'
import { DialField } from './dial-field.tsx'
import { History } from './history.tsx'
import { Lines } from './lines.tsx'
import { WaitingCall } from './waiting-call.tsx'

export function CallBar() {
  const { t } = useTranslation()
  const { lines, calls, microphone } = useApp(({ telephony }) => telephony)
  const ringing = calls.some(({ state }) => state === 'waiting')
  useEffect(() => (ringing ? startRinging() : undefined), [ringing])
  if (lines.length === 0) return null
  const waiting = inAnsweringOrder(calls)
  const active = calls.filter(({ state }) => state !== 'waiting')
  return (
    <section className={styles.bar} aria-label={t('telephone.bar')}>
      {!microphone && calls.length > 0 && (
        <p className={styles.silent} role="alert">
          {t('telephone.noMicrophone')}
        </p>
      )}
      <ul className={styles.calls} aria-label={t('telephone.waiting')} data-testid="waiting-calls">
        {waiting.map((call, at) => (
          <WaitingCall key={call.id} call={call} first={at === 0} />
        ))}
      </ul>
      <ul className={styles.calls} aria-label={t('telephone.active')} data-testid="active-calls">
        {active.map((call) => (
          <ActiveCall key={call.id} call={call} others={active.filter(({ id }) => id !== call.id)} />
        ))}
        {calls.length === 0 && <li className={styles.none}>{t('telephone.none')}</li>}
      </ul>
      <div className={styles.tools}>
        <Lines lines={lines} />
        <DialField />
        <History />
      </div>
    </section>
  )
}
