/** How long there is until a step is due, or since it was. */

import { useTranslation } from 'react-i18next'
import type { Instant } from '../../../contract/primitives.ts'
import { useAge, useNow } from '../../ui/age.ts'
import { momentOf } from '../../ui/moment.ts'
import styles from './incidents.module.css'

export function Due({ at }: { at: Instant | null }) {
  const { t } = useTranslation()
  const now = useNow()
  const age = useAge()
  if (at === null) return null
  const left = at - now
  const words =
    left > 0 ? t('incident.dueIn', { time: age(left) }) : t('incident.overdueBy', { time: age(-left) })
  return (
    <span
      className={styles.due}
      data-overdue={left <= 0 || undefined}
      title={momentOf(at)}
      role={left <= 0 ? 'status' : undefined}
    >
      {left <= 0 && '▲ '}
      {words}
    </span>
  )
}
