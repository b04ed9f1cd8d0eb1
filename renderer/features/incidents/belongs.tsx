/** Says in the status bar which incident everything belongs to now. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useApp } from '../../app/store.ts'
import { GradeSymbol } from './grade-symbol.tsx'
import styles from './incidents.module.css'
import { useSelectIncident } from './use-select.ts'
import { useShowIncident } from './use-show.ts'

export function Belongs() {
  const { t } = useTranslation()
  const { show } = useShowIncident()
  const select = useSelectIncident()
  const incident = useApp(({ shared, incidents }) =>
    incidents.selected === null ? undefined : shared.state.incidents.live[incidents.selected],
  )
  if (incident === undefined) return null
  const { number, title, grade } = incident
  return (
    <div className={styles.belongs} role="status" title={t('incident.belongsHint')} data-testid="belongs">
      <GradeSymbol grade={grade} />
      <Button type="text" size="small" onClick={show}>
        <span>{t('incident.belongs', { name: `#${number} ${title}` })}</span>
      </Button>
      <Button type="text" size="small" aria-label={t('incident.release')} onClick={() => select(null)}>
        ✕
      </Button>
    </div>
  )
}
