/** The selected incident, or the form for a new one. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Incident } from '../../../contract/incidents.ts'
import { useApp } from '../../app/store.ts'
import { Acts } from './acts.tsx'
import { Due } from './due.tsx'
import { TextFact } from './editable.tsx'
import { Facts, Whereabouts } from './facts.tsx'
import { GradeSymbol } from './grade-symbol.tsx'
import styles from './incidents.module.css'
import { Notes } from './notes.tsx'
import { OpenForm } from './open-form.tsx'
import { Tasks } from './tasks.tsx'
import { Timeline } from './timeline.tsx'
import { useRights } from './use-rights.ts'
import { useSelectIncident } from './use-select.ts'

export function IncidentPanel() {
  const { t } = useTranslation()
  const selected = useApp(({ incidents }) => incidents.selected)
  const draft = useApp(({ incidents }) => incidents.draft)
  const incident = useApp(({ shared }) =>
    selected === null ? undefined : shared.state.incidents.live[selected],
  )
  if (draft !== null)
    return <OpenForm draft={draft} key={JSON.stringify([draft.source, draft.details.place])} />
  if (incident === undefined) return <p className={styles.none}>{t('incident.none')}</p>
  return <Card incident={incident} key={incident.id} />
}

function Card({ incident }: { incident: Incident }) {
  const { t } = useTranslation()
  const select = useSelectIncident()
  const rights = useRights()
  const { id, number, grade, state, dueAt, ending } = incident
  const works = rights.workOn(incident)
  return (
    <article className={styles.card} data-incident={id} data-state={state}>
      <header className={styles.cardHead}>
        <GradeSymbol grade={grade} isOver={ending !== null} />
        <h2>
          #{number} <TextFact incident={incident} field="title" canEdit={works && ending === null} />
        </h2>
      </header>
      <p className={styles.standing}>
        <b>{t(`incidentStates.${state}`)}</b>
        <Due at={dueAt} />
        <Button onClick={() => select(null)}>{t('incident.release')}</Button>
      </p>
      <Acts incident={incident} rights={rights} />
      <Whereabouts incident={incident} canEdit={works && ending === null} />
      <Tasks incident={incident} rights={rights} />
      <Notes incident={incident} />
      <Facts incident={incident} canEdit={works && ending === null} />
      <Timeline incident={id} />
    </article>
  )
}
