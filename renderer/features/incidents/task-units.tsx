/** Gives the selected units a task of the selected incident. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { incidentTable } from '../../../contract/incidents.ts'
import { keyName } from '../../app/shortcuts/shortcuts.ts'
import { useApp } from '../../app/store.ts'
import { useRights } from './use-rights.ts'
import { useShowIncident } from './use-show.ts'

export function TaskUnits() {
  const { t } = useTranslation()
  const { assign } = useShowIncident()
  const rights = useRights()
  const incident = useApp(({ shared, incidents }) =>
    incidents.selected === null ? undefined : shared.state.incidents.live[incidents.selected],
  )
  if (incident === undefined || !rights.workOn(incident)) return null
  return (
    <Button
      disabled={incidentTable[incident.state].dispatch === undefined}
      title={t('incident.taskHint', { name: `#${incident.number} ${incident.title}` })}
      onClick={assign}
    >
      {t('incident.assign')} <kbd>{keyName('task')}</kbd>
    </Button>
  )
}
