/** On a unit's card: that its radio calls for help, since when, and that nobody has acknowledged it. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import { useApp } from '../../app/store.ts'
import { useAge, useNow } from '../../ui/age.ts'
import styles from './alarms.module.css'
import { openAlarms } from './alarms.ts'
import { useAcknowledge } from './use-acknowledge.ts'

export function UnitAlarm({ unit }: { unit: Id }) {
  const { t } = useTranslation()
  const age = useAge()
  const now = useNow()
  const acknowledge = useAcknowledge()
  const alarm = useApp((state) => openAlarms(state).find((open) => open.unit === unit))
  if (alarm === undefined) return null
  return (
    <p className={styles.alarm}>
      <span>
        <i aria-hidden="true">▲</i> {t('radio.unitAlarm', { age: age(now - alarm.at) })}
      </span>
      <Button type="primary" danger onClick={() => void acknowledge(alarm.id)}>
        {t('radio.acknowledge')}
      </Button>
    </p>
  )
}
