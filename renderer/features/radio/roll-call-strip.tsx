/** The roll-call that goes on: who has answered, ticked when heard or by hand, and kept when it is over. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp, useSend } from '../../app/store.ts'
import { useSubmit } from '../../app/submit.ts'
import { Duration } from '../telephony/duration.tsx'
import styles from './roll-call.module.css'
import { recordOf } from './roll-call.ts'
import { answerNoted, rollCallOver } from './slice.ts'

export function RollCallStrip() {
  const { t } = useTranslation()
  const send = useSend()
  const submit = useSubmit()
  const rollCall = useApp(({ radio }) => radio.rollCall)
  const channels = useApp(({ shared }) => shared.state.directory.channels)
  if (rollCall === null) return null
  const { channel, called, startedAt } = rollCall
  const known = channels[channel]
  const answered = called.filter((one) => one.answered).length
  const keep = async () => {
    if ((await submit(recordOf(rollCall, Date.now()))) !== 'refused') send(rollCallOver())
  }
  return (
    <section className={styles.strip} aria-label={t('radio.rollCall')} data-testid="radio-roll-call">
      <p aria-live="polite">
        <b>{t('radio.rollCall')}</b> {known === undefined ? channel : named(known.name)} ·{' '}
        {t('radio.answered', { n: answered, of: called.length })} · <Duration since={startedAt} />
      </p>
      <ul>
        {called.map(({ unit, answered: here }) => (
          <li key={unit}>
            <Button
              aria-pressed={here}
              data-answered={here || undefined}
              onClick={() => send(answerNoted(unit))}
            >
              {here ? '✓' : '○'} <UnitName unit={unit} />
            </Button>
          </li>
        ))}
      </ul>
      <div className={styles.acts}>
        <Button type="primary" onClick={() => void keep()}>
          {t('radio.keepRollCall')}
        </Button>
        <Button onClick={() => send(rollCallOver())}>{t('radio.dropRollCall')}</Button>
      </div>
    </section>
  )
}

function UnitName({ unit }: { unit: Id }) {
  const known = useApp(({ shared }) => shared.state.directory.units[unit])
  return known === undefined ? unit : named(known.name)
}
