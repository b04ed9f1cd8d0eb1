/** One call that was: when, with whom, how it went, and again. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { isMissed } from '../../../../contract/call-history.ts'
import { named } from '../../../app/i18n/index.ts'
import { useApp } from '../../../app/store.ts'
import { When } from '../../../ui/when.tsx'
import { clock } from '../duration.tsx'
import { NumberToggle } from '../favourite-toggle.tsx'
import { PartyName } from '../party.tsx'
import { useTelephone } from '../use-telephone.ts'
import type { Entry } from './entries.ts'
import styles from './history.module.css'

export function HistoryLine({ entry, showAccount }: { entry: Entry; showAccount: boolean }) {
  const { t } = useTranslation()
  const act = useTelephone()
  const { account, line, direction, number, name, startedAt, answeredAt, endedAt } = entry
  const isOwnLine = useApp(({ telephony }) => telephony.lines.some(({ id }) => id === line))
  const accounts = useApp(({ shared }) => shared.state.access.accounts)
  const owner = account === undefined ? undefined : (accounts[account]?.name ?? { zh: account, en: account })
  const talked = answeredAt === null ? undefined : Math.round((endedAt - answeredAt) / 1000)
  return (
    <li data-missed={isMissed(entry) || undefined}>
      <When at={startedAt} />
      <span title={t(`telephone.directions.${direction}`)}>{direction === 'in' ? '↙' : '↗'}</span>
      <PartyName {...entry} />
      <span className={styles.how}>
        {showAccount && owner !== undefined && `${named(owner)} · `}
        {talked === undefined ? t(`telephone.ends.${entry.end}`) : clock(talked)}
      </span>
      <Button
        size="small"
        onClick={() => act((telephone) => telephone.dial.mutate(isOwnLine ? { number, line } : { number }))}
      >
        {t('telephone.call')}
      </Button>
      <NumberToggle number={number} name={name} />
    </li>
  )
}
