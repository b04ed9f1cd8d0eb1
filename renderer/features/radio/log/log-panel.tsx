/** The log of the channels: who talked, when and for how long, asked of the hub page by page. */
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TransmissionQuery } from '../../../../contract/transmissions.ts'
import { engine } from '../../../app/engine.ts'
import { named } from '../../../app/i18n/index.ts'
import { useApp, useSend } from '../../../app/store.ts'
import { usePages } from '../../../app/use-pages.ts'
import { startOfDay } from '../../../ui/day.ts'
import { DayField } from '../../../ui/day-field.tsx'
import { useExplain } from '../../../ui/refusal.ts'
import { logAsked } from '../slice.ts'
import styles from './log.module.css'
import { LogLine } from './log-line.tsx'

export function LogPanel() {
  const { t } = useTranslation()
  const explain = useExplain()
  const send = useSend()
  const channel = useApp(({ radio }) => radio.logOf)
  const channels = useApp(({ shared }) => shared.state.directory.channels)
  const [text, setText] = useState('')
  const [days, setDays] = useState({ from: '', to: '' })
  const { found, state, error, more } = useTransmissions({
    channel,
    text: text.trim(),
    from: startOfDay(days.from),
    to: startOfDay(days.to, 1),
  })
  return (
    <section className={styles.panel} aria-busy={state === 'loading'} data-testid="radio-log">
      <div className={styles.filters}>
        <select
          className={styles.channel}
          aria-label={t('radio.logOf')}
          value={channel ?? ''}
          onChange={({ target }) => send(logAsked(target.value === '' ? null : target.value))}
        >
          <option value="">{t('radio.allChannels')}</option>
          {Object.values(channels).map(({ id, name }) => (
            <option key={id} value={id}>
              {named(name)}
            </option>
          ))}
        </select>
        <Input
          allowClear
          maxLength={60}
          className={styles.text ?? ''}
          aria-label={t('radio.searchLog')}
          placeholder={t('radio.searchLog')}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <DayField
          words={t('callHistory.from')}
          day={days.from}
          onChange={(from) => setDays({ ...days, from })}
        />
        <DayField words={t('callHistory.to')} day={days.to} onChange={(to) => setDays({ ...days, to })} />
      </div>
      {(state === 'away' || state === 'failed') && (
        <p className={styles.trouble} role="status">
          {state === 'away' ? t('radio.logAway') : t('radio.logFailed', { why: explain(error) })}
        </p>
      )}
      {state === 'there' && found.length === 0 && <p role="status">{t('radio.logNothing')}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached with the keyboard. */}
      <ol tabIndex={0} aria-label={t('panels.transmissions')}>
        {found.map((transmission) => (
          <LogLine key={transmission.id} transmission={transmission} showChannel={channel === null} />
        ))}
        {more !== undefined && (
          <li className={styles.more}>
            <Button loading={state === 'loading'} onClick={more}>
              {t('callHistory.more')}
            </Button>
          </li>
        )}
      </ol>
    </section>
  )
}

/** Anew whenever the journal has a transmission that might be among them. */
function useTransmissions(filter: Omit<TransmissionQuery, 'before'>) {
  const newest = useApp(({ shared }) => {
    const { lately } = shared.state.radio
    const last = (id: string) => lately[id]?.at(-1)
    const of = filter.channel === null ? Object.keys(lately) : [filter.channel]
    return of.map((id) => `${last(id)?.id} ${last(id)?.endedAt}`).join()
  })
  const page = async (before: TransmissionQuery['before']) => {
    const { transmissions, next } = await engine.history.transmissions.query({ ...filter, before })
    return { found: transmissions, next }
  }
  return usePages(page, JSON.stringify([filter, newest]), filter.text !== '')
}
