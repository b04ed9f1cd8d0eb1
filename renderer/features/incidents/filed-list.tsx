/** Incidents that the hub has filed, page by page. */

import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FiledIncident } from '../../../contract/incident-history.ts'
import { engine } from '../../app/engine.ts'
import { momentOf } from '../../ui/moment.ts'
import { useExplain } from '../../ui/refusal.ts'
import { GradeSymbol } from './grade-symbol.tsx'
import styles from './incidents.module.css'
import { Timeline } from './timeline.tsx'

/** Nobody wants an answer for every letter. */
const TYPING_MS = 250

export function FiledList({ text }: { text: string }) {
  const { t } = useTranslation()
  const explain = useExplain()
  const [found, setFound] = useState<readonly FiledIncident[]>()
  const [next, setNext] = useState<number | null>(null)
  const [failed, setFailed] = useState<string>()
  const [shown, setShown] = useState<string>()

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked depends on the text, and on nothing else.
  useEffect(() => {
    let over = false
    const timer = window.setTimeout(() => {
      engine.incidents.filed.query({ text: text.trim(), before: null }).then(
        (page) => {
          if (over) return
          setFound(page.incidents)
          setNext(page.next)
          setFailed(undefined)
        },
        (error) => !over && setFailed(explain(error)),
      )
    }, TYPING_MS)
    return () => {
      over = true
      window.clearTimeout(timer)
    }
  }, [text])
  const more = async () => {
    try {
      const page = await engine.incidents.filed.query({ text: text.trim(), before: next })
      setFound([...(found ?? []), ...page.incidents])
      setNext(page.next)
    } catch (error) {
      setFailed(explain(error))
    }
  }

  if (failed !== undefined) return <p role="alert">{failed}</p>
  if (found === undefined) return <p className={styles.none}>{t('incident.loading')}</p>
  if (found.length === 0 && next === null) return <p className={styles.none}>{t('incident.nothing')}</p>
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
      {next !== null && (
        <li>
          <Button onClick={more}>{t('incident.more')}</Button>
        </li>
      )}
    </ul>
  )
}
