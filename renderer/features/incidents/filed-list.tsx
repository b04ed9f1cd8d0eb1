/** Incidents that the hub has filed, page by page. */

import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { engine } from '../../app/engine.ts'
import { usePages } from '../../app/use-pages.ts'
import { momentOf } from '../../ui/moment.ts'
import { useExplain } from '../../ui/refusal.ts'
import { GradeSymbol } from './grade-symbol.tsx'
import styles from './incidents.module.css'
import { Timeline } from './timeline.tsx'

export function FiledList({ text }: { text: string }) {
  const { t } = useTranslation()
  const explain = useExplain()
  const [shown, setShown] = useState<string>()
  const words = text.trim()
  const { found, state, error, more } = usePages(
    async (before: number | null) => {
      const { incidents, next } = await engine.incidents.filed.query({ text: words, before })
      return { found: incidents, next }
    },
    words,
    true,
  )
  if (state === 'away' || state === 'failed') return <p role="alert">{explain(error)}</p>
  if (found.length === 0 && (state === 'loading' || more === undefined))
    return (
      <p className={styles.none} role="status">
        {t(state === 'loading' ? 'incident.loading' : 'incident.nothing')}
      </p>
    )
  return (
    <ul className={styles.board}>
      {found.map(({ incident: { id, number, title, grade, openedAt } }) => (
        <li key={id}>
          <button
            type="button"
            className={styles.row}
            aria-expanded={shown === id}
            onClick={() => setShown(shown === id ? undefined : id)}
          >
            <GradeSymbol grade={grade} isOver />
            <span className={styles.title}>
              <b>
                #{number} {title}
              </b>
              <small>{momentOf(openedAt)}</small>
            </span>
          </button>
          {shown === id && <Timeline incident={id} />}
        </li>
      ))}
      {more !== undefined && (
        <li>
          <Button loading={state === 'loading'} onClick={more}>
            {t('incident.more')}
          </Button>
        </li>
      )}
    </ul>
  )
}
