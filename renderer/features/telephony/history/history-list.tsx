/** The calls that were, searched at the hub; without it, those that this seat remembers. */
import { Button, Input, Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type CallQuery, mayReadAllCalls } from '../../../../contract/call-history.ts'
import { currentGrants } from '../../../../contract/visibility.ts'
import { useApp } from '../../../app/store.ts'
import { startOfDay } from '../../../ui/day.ts'
import { DayField } from '../../../ui/day-field.tsx'
import { useExplain } from '../../../ui/refusal.ts'
import { type Entry, type Filter, fits, merged, ofCall } from './entries.ts'
import styles from './history.module.css'
import { HistoryLine } from './history-line.tsx'
import { useCallHistory } from './use-call-history.ts'

const kinds = ['any', 'missed', 'in', 'out'] as const

export function HistoryList() {
  const { t } = useTranslation()
  const explain = useExplain()
  const [text, setText] = useState('')
  const [which, setWhich] = useState<CallQuery['which']>('any')
  const [days, setDays] = useState({ from: '', to: '' })
  const [whose, setWhose] = useState<CallQuery['whose']>('own')
  const filter: Filter = {
    whose,
    text: text.trim(),
    which,
    from: startOfDay(days.from),
    to: startOfDay(days.to, 1),
  }
  const { found, state, error, more } = useCallHistory(filter)
  const remembered = useRemembered(filter)
  const entries = merged(remembered, found, more === undefined)
  const isFiltered = text !== '' || which !== 'any' || days.from !== '' || days.to !== ''
  return (
    <section className={styles.history} aria-label={t('telephone.history')} aria-busy={state === 'loading'}>
      <Input
        allowClear
        maxLength={60}
        aria-label={t('telephone.searchHistory')}
        placeholder={t('telephone.searchHistory')}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <div className={styles.filters}>
        <Segmented
          size="small"
          value={which}
          aria-label={t('callHistory.which')}
          options={kinds.map((kind) => ({ value: kind, label: t(`callHistory.kinds.${kind}`) }))}
          onChange={setWhich}
        />
        <Whose whose={whose} onChange={setWhose} />
        <DayField
          words={t('callHistory.from')}
          day={days.from}
          onChange={(from) => setDays({ ...days, from })}
        />
        <DayField words={t('callHistory.to')} day={days.to} onChange={(to) => setDays({ ...days, to })} />
      </div>
      {(state === 'away' || state === 'failed') && (
        <p className={styles.trouble} role="status">
          {state === 'away' ? t('callHistory.away') : t('callHistory.failed', { why: explain(error) })}
        </p>
      )}
      {entries.length === 0 && (
        <p role="status">
          {state === 'loading'
            ? t('callHistory.loading')
            : t(isFiltered ? 'callHistory.nothing' : 'telephone.noHistory')}
        </p>
      )}
      <ul>
        {entries.map((entry) => (
          <HistoryLine key={`${entry.account} ${entry.id}`} entry={entry} showAccount={whose === 'all'} />
        ))}
        {more !== undefined && (
          <li className={styles.more}>
            <Button size="small" loading={state === 'loading'} onClick={more}>
              {t('callHistory.more')}
            </Button>
          </li>
        )}
      </ul>
    </section>
  )
}

/** What the seat remembers and the filter lets through. */
function useRemembered(filter: Filter): readonly Entry[] {
  const history = useApp(({ telephony }) => telephony.history)
  const units = useApp(({ shared }) => shared.state.directory.units)
  const wanted = JSON.stringify(filter)
  return useMemo(() => {
    const asked: Filter = JSON.parse(wanted)
    return history.map(ofCall).filter((entry) => {
      const name = entry.unit === null ? undefined : units[entry.unit]?.name
      return fits(entry, asked, name === undefined ? [] : [name.zh, name.en])
    })
  }, [history, units, wanted])
}

/** For who may read everybody's. */
function Whose({
  whose,
  onChange,
}: {
  whose: CallQuery['whose']
  onChange(whose: CallQuery['whose']): void
}) {
  const { t } = useTranslation()
  const may = useApp(
    ({ session: { session }, shared }) =>
      session?.kind === 'signed-in' &&
      mayReadAllCalls(currentGrants(shared.state, session.account.id), Date.now()),
  )
  if (!may) return null
  return (
    <Segmented
      size="small"
      value={whose}
      aria-label={t('callHistory.whose')}
      options={[
        { value: 'own', label: t('callHistory.own') },
        { value: 'all', label: t('callHistory.all') },
      ]}
      onChange={onChange}
    />
  )
}
