/** The calls that were, with search. */
import { Button, Input, Popover } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Call } from '../../../contract/telephony.ts'
import { useApp } from '../../app/store.ts'
import styles from './call-bar.module.css'
import { clock } from './duration.tsx'
import { NumberToggle } from './favourite-toggle.tsx'
import { PartyName, usePartyName } from './party.tsx'
import { useTelephone } from './use-telephone.ts'

export function History() {
  const { t } = useTranslation()
  const missed = useApp(({ telephony }) => telephony.history.filter(isMissed).length)
  return (
    <Popover trigger="click" placement="topRight" content={<HistoryList />}>
      <Button>
        {t('telephone.history')}
        {missed > 0 && <span className={styles.missed}>{t('telephone.missed', { n: missed })}</span>}
      </Button>
    </Popover>
  )
}

const isMissed = ({ direction, answeredAt, end }: Call): boolean =>
  direction === 'in' && answeredAt === null && end?.why !== 'elsewhere' && end?.why !== 'declined'

function HistoryList() {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const history = useApp(({ telephony }) => telephony.history)
  return (
    <div className={styles.history}>
      <Input
        allowClear
        aria-label={t('telephone.searchHistory')}
        placeholder={t('telephone.searchHistory')}
        value={search}
        onChange={({ target }) => setSearch(target.value)}
      />
      {history.length === 0 && <p>{t('telephone.noHistory')}</p>}
      <ul>
        {history.map((call) => (
          <HistoryLine key={call.id} call={call} search={search.trim().toLowerCase()} />
        ))}
      </ul>
    </div>
  )
}

function HistoryLine({ call, search }: { call: Call; search: string }) {
  const { t } = useTranslation()
  const act = useTelephone()
  const { name } = usePartyName(call)
  if (!`${name} ${call.number}`.toLowerCase().includes(search)) return null
  const talked = call.answeredAt === null ? undefined : Math.round((call.since - call.answeredAt) / 1000)
  return (
    <li data-missed={isMissed(call) || undefined}>
      <time>{new Date(call.startedAt).toLocaleTimeString('en-GB')}</time>
      <span title={t(`telephone.directions.${call.direction}`)}>{call.direction === 'in' ? '↙' : '↗'}</span>
      <PartyName {...call} />
      <span className={styles.how}>
        {talked === undefined ? t(`telephone.ends.${call.end?.why ?? 'failed'}`) : clock(talked)}
      </span>
      <Button
        size="small"
        onClick={() => act((telephone) => telephone.dial.mutate({ number: call.number, line: call.line }))}
      >
        {t('telephone.call')}
      </Button>
      <NumberToggle number={call.number} name={call.name} />
    </li>
  )
}
