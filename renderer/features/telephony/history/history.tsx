/** The calls that were: how many were missed, and all of them to be searched. */
import { Button, Popover } from 'antd'
import { useTranslation } from 'react-i18next'
import { isMissed } from '../../../../contract/call-history.ts'
import { useApp } from '../../../app/store.ts'
import { ofCall } from './entries.ts'
import styles from './history.module.css'
import { HistoryList } from './history-list.tsx'

export function History() {
  const { t } = useTranslation()
  const missed = useApp(({ telephony }) => telephony.history.filter((call) => isMissed(ofCall(call))).length)
  return (
    <Popover trigger="click" placement="topRight" destroyOnHidden content={<HistoryList />}>
      <Button>
        {t('telephone.history')}
        {missed > 0 && <span className={styles.missed}>{t('telephone.missed', { n: missed })}</span>}
      </Button>
    </Popover>
  )
}
