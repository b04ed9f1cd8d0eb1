/** Everything that happened about an incident, the newest first. */

import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { TimelineEntry } from '../../../contract/incident-history.ts'
import type { Id } from '../../../contract/primitives.ts'
import { named } from '../../app/i18n/index.ts'
import { momentOf, timeOf } from '../../ui/moment.ts'
import { useExplain } from '../../ui/refusal.ts'
import { AttachmentList } from '../attachments/attachment-list.tsx'
import styles from './incidents.module.css'
import { broughtBy, useStory } from './story.ts'
import { useTimeline } from './use-timeline.ts'

export function Timeline({ incident }: { incident: Id }) {
  const { t } = useTranslation()
  const explain = useExplain()
  const { entries, state, error, more } = useTimeline(incident)
  return (
    <section className={styles.section} aria-label={t('incident.timeline')} aria-busy={state === 'loading'}>
      <h3>{t('incident.timeline')}</h3>
      {(state === 'away' || state === 'failed') && (
        <p role="status">{state === 'away' ? t('incident.hubAway') : explain(error)}</p>
      )}
      <ol className={styles.timeline} data-testid="timeline">
        {entries.map((entry) => (
          <Entry key={entry.seq} entry={entry} />
        ))}
      </ol>
      {more !== undefined && <Button onClick={more}>{t('incident.more')}</Button>}
    </section>
  )
}

function Entry({ entry: { at, by, happening } }: { entry: TimelineEntry }) {
  const tell = useStory()
  const then = new Date(at)
  return (
    <li data-kind={happening.kind}>
      <time dateTime={then.toISOString()} title={momentOf(at)}>
        {timeOf(at)}
      </time>
      <span>
        {tell(happening)}
        {by !== null && <small> · {named(by)}</small>}
        <AttachmentList attachments={broughtBy(happening)} />
      </span>
    </li>
  )
}
