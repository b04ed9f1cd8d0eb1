/** The tasks of an incident, each with how far it is and what can be done about it, and the form for more of them. */
import { useTranslation } from 'react-i18next'
import { type Incident, incidentTable, tasksOf } from '../../../contract/incidents.ts'
import { useApp } from '../../app/store.ts'
import { AssignForm } from './assign-form.tsx'
import styles from './incidents.module.css'
import { TaskRow } from './task-row.tsx'
import type { Rights } from './use-rights.ts'

export function Tasks({ incident, rights }: { incident: Incident; rights: Rights }) {
  const { t } = useTranslation()
  const incidents = useApp(({ shared }) => shared.state.incidents)
  const tasks = tasksOf(incidents, incident.id)
  const works = rights.workOn(incident)
  return (
    <section className={styles.section} aria-label={t('incident.tasks')}>
      <h3>
        {t('incident.tasks')} {tasks.length > 0 && tasks.length}
      </h3>
      <ul className={styles.tasks}>
        {tasks.map((task) => (
          <TaskRow key={task.id} task={task} rights={rights} />
        ))}
      </ul>
      {works && incidentTable[incident.state].dispatch !== undefined && <AssignForm incident={incident} />}
      {works && incident.state === 'opened' && <p className={styles.none}>{t('incident.gradeFirst')}</p>}
    </section>
  )
}
