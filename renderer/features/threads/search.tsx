/** Messages found by their words, in all threads that one sees, the newest first. */
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Message, type ThreadName, threadKey } from '../../../contract/threads.ts'
import { engine } from '../../app/engine.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp, useSend } from '../../app/store.ts'
import { momentOf } from '../../ui/moment.ts'
import { useExplain } from '../../ui/refusal.ts'
import { threadOpened } from './slice.ts'
import { ThreadTitle } from './thread-title.tsx'
import styles from './threads.module.css'

/** Nobody wants an answer for every letter. */
const TYPING_MS = 250

export function FoundMessages({ text }: { text: string }) {
  const { t } = useTranslation()
  const explain = useExplain()
  const [found, setFound] = useState<readonly Message[]>()
  const [next, setNext] = useState<string | null>(null)
  const [failed, setFailed] = useState<string>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked depends on the text, and on nothing else.
  useEffect(() => {
    let over = false
    const timer = window.setTimeout(() => {
      engine.history.messages.query({ thread: null, text, before: null }).then(
        (page) => {
          if (over) return
          setFound(page.messages)
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
      const page = await engine.history.messages.query({ thread: null, text, before: next })
      setFound([...(found ?? []), ...page.messages])
      setNext(page.next)
    } catch (error) {
      setFailed(explain(error))
    }
  }
  if (failed !== undefined) return <p role="alert">{failed}</p>
  if (found === undefined) return <p className={styles.none}>{t('threads.searching')}</p>
  if (found.length === 0 && next === null) return <p className={styles.none}>{t('threads.notFound')}</p>
  return (
    <ul className={styles.list} aria-label={t('threads.found')} data-testid="found-messages">
      {found.map((message) => (
        <li key={message.id}>
          <Found message={message} />
        </li>
      ))}
      {next !== null && (
        <li>
          <Button onClick={() => void more()}>{t('threads.older')}</Button>
        </li>
      )}
    </ul>
  )
}

function Found({ message: { id, thread, by, at, text } }: { message: Message }) {
  const { t } = useTranslation()
  const send = useSend()
  const isLive = useIsLive(thread)
  const content = (
    <>
      <b>{isLive ? <ThreadTitle thread={thread} /> : t('threads.filed')}</b>
      <time dateTime={new Date(at).toISOString()}>{momentOf(at)}</time>
      <span>
        {named(by.name)}: {text}
      </span>
    </>
  )
  // What was said about an incident that is filed is read in its timeline.
  if (!isLive) return <div className={styles.row}>{content}</div>
  return (
    <button type="button" className={styles.row} onClick={() => send(threadOpened({ thread, sought: id }))}>
      {content}
    </button>
  )
}

const useIsLive = (thread: ThreadName): boolean =>
  useApp(({ shared: { state } }) => state.threads[threadKey(thread)] !== undefined)
