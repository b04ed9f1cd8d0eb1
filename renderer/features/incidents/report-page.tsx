/** An incident on paper: seen when it is printed only. */

import { useTranslation } from 'react-i18next'
import type { IncidentReport } from '../../../contract/incident-history.ts'
import { named } from '../../app/i18n/index.ts'
import { momentOf } from '../../ui/moment.ts'
import { useDistance } from '../map/distance.ts'
import { lengthOf } from '../map/measure-layer.ts'
import styles from './report.module.css'
import { useStory } from './story.ts'

export function ReportPage({
  report: { incident, tasks, entries, movements, exportedAt },
}: {
  report: IncidentReport
}) {
  const { t } = useTranslation()
  const tell = useStory()
  const distance = useDistance()
  return (
    <article className={styles.report} data-print>
      <h1>
        #{incident.number} {incident.title}
      </h1>
      <p>
        {t(`grades.${incident.grade ?? 'none'}`)} · {t(`incidentCategories.${incident.category}`)} ·{' '}
        {t(`incidentStates.${incident.state}`)}
        {incident.address !== null && ` · ${incident.address}`}
        {incident.caller !== null && ` · ${incident.caller}`}
      </p>
      <h2>{t('incident.tasks')}</h2>
      <table>
        <tbody>
          {tasks.map(({ id, name, instruction, state, words, assignedAt }) => {
            const moved = movements.find(({ task }) => task === id)?.points ?? []
            return (
              <tr key={id}>
                <td>{momentOf(assignedAt)}</td>
                <td>{named(name)}</td>
                <td>
                  {instruction}
                  {words !== null && ` — ${words}`}
                </td>
                <td>{t(`taskStates.${state}`)}</td>
                <td>{moved.length > 1 && distance(lengthOf(moved))}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <h2>{t('incident.timeline')}</h2>
      <table>
        <tbody>
          {entries.map(({ seq, at, by, happening }) => (
            <tr key={seq}>
              <td>{momentOf(at)}</td>
              <td>{by === null ? '' : named(by)}</td>
              <td>{tell(happening)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <footer>{t('incident.exportedAt', { time: momentOf(exportedAt) })}</footer>
    </article>
  )
}
