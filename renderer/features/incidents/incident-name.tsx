/** An incident by its number and title, as far as this seat sees it; a click selects it. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import { useApp } from '../../app/store.ts'
import styles from './incidents.module.css'
import { useSelectIncident } from './use-select.ts'

export function IncidentName({ id }: { id: Id }) {
  const { t } = useTranslation()
  const select = useSelectIncident()
  const incident = useApp(({ shared }) => shared.state.incidents.live[id])
  if (incident === undefined) return t('incident.another')
  return (
    <Button type="link" className={styles.link ?? ''} onClick={() => select(id)}>
      #{incident.number} {incident.title}
    </Button>
  )
}
