/** What became of the last message to many: at whom it is, who has read it, and sending it again to those who have not. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { named } from '../../app/i18n/index.ts'
import { useApp, useSend } from '../../app/store.ts'
import { useNow } from '../../ui/age.ts'
import { timeOf } from '../../ui/moment.ts'
import { stateOf } from './broadcast-state.ts'
import { broadcastDismissed } from './slice.ts'
import styles from './threads.module.css'
import { useBroadcast } from './use-broadcast.ts'
import { useOpenThread } from './use-thread.ts'

/** A telephone that no seat has carried it to in time. */
const LOOK_EVERY_MS = 2_000

export function BroadcastResults() {
  const { t } = useTranslation()
  const send = useSend()
  const again = useBroadcast()
  const open = useOpenThread()
  const broadcast = useApp(({ threads }) => threads.broadcast)
  const threads = useApp(({ shared }) => shared.state.threads)
  const units = useApp(({ shared }) => shared.state.directory.units)
  const now = useNow(LOOK_EVERY_MS)
  if (broadcast === null) return null
  const results = broadcast.sent.map((sent) => ({
    unit: sent.unit,
    state: stateOf(sent, units[sent.unit], threads, now),
  }))
  const missed = results
    .filter(({ state }) => state !== 'read' && state !== 'waiting' && state !== 'carried')
    .map(({ unit }) => unit)
  const read = results.filter(({ state }) => state === 'read').length
  return (
    <section className={styles.broadcast} aria-label={t('threads.broadcast')} data-testid="broadcast">
      <p>
        <time>{timeOf(broadcast.at)}</time> <b>{broadcast.text}</b>
      </p>
      <p role="status">{t('threads.broadcastRead', { n: read, of: results.length })}</p>
      <ul>
        {results.map(({ unit, state }) => (
          <li key={unit} data-unit-result={unit} data-state={state}>
            <Button type="link" onClick={() => open({ kind: 'unit', unit })}>
              {units[unit] === undefined ? unit : named(units[unit].name)}
            </Button>
            <span>{t(`threads.broadcastStates.${state}`)}</span>
          </li>
        ))}
      </ul>
      <div className={styles.line}>
        {missed.length > 0 && (
          <Button onClick={() => again(missed, broadcast.text)}>
            {t('threads.sendAgain', { n: missed.length })}
          </Button>
        )}
        <Button onClick={() => send(broadcastDismissed())}>{t('threads.dismiss')}</Button>
      </div>
    </section>
  )
}
