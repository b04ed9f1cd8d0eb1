/** Messages found by their words, in all threads that one sees, the newest first. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { MessagesPage } from '../../../contract/message-archive.ts'
import { authorOf, type Message, type ThreadName, threadKey } from '../../../contract/threads.ts'
import { engine } from '../../app/engine.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp, useSend } from '../../app/store.ts'
import { usePages } from '../../app/use-pages.ts'
import { momentOf } from '../../ui/moment.ts'
import { useExplain } from '../../ui/refusal.ts'
import { threadOpened } from './slice.ts'
import { ThreadTitle } from './thread-title.tsx'
import styles from './threads.module.css'

export function FoundMessages({ text }: { text: string }) {
  const { t } = useTranslation()
  const explain = useExplain()
  const { found, state, error, more } = usePages(
    async (before: string | null) => {
      const { messages, filed, next } = await engine.history.messages.query({ thread: null, text, before })
      return { found: messages.map((message) => ({ message, filed: filedOf(message, filed) })), next }
    },
    text,
    true,
  )
  if (state === 'away' || state === 'failed') return <p role="alert">{explain(error)}</p>
  if (found.length === 0 && (state === 'loading' || more === undefined))
    return (
      <p className={styles.none} role="status">
        {t(state === 'loading' ? 'threads.searching' : 'threads.notFound')}
      </p>
    )
  return (
    <ul className={styles.list} aria-label={t('threads.found')} data-testid="found-messages">
      {found.map(({ message, filed }) => (
        <li key={message.id}>
          <Found message={message} filed={filed} />
        </li>
      ))}
      {more !== undefined && (
        <li>
          <Button loading={state === 'loading'} onClick={more}>
            {t('threads.older')}
          </Button>
        </li>
      )}
    </ul>
  )
}

const filedOf = ({ thread }: Message, filed: MessagesPage['filed']) =>
  thread.kind === 'incident' ? filed[thread.incident] : undefined

/** `filed`: the incident that it is about, if that is filed. */
function Found({ message, filed }: { message: Message; filed: ReturnType<typeof filedOf> }) {
  const { id, thread, at, text } = message
  const { t } = useTranslation()
  const send = useSend()
  const isLive = useIsLive(thread)
  const content = (
    <>
      <b>
        {isLive ? (
          <ThreadTitle thread={thread} />
        ) : filed === undefined ? (
          t('threads.gone')
        ) : (
          `#${filed.number} ${filed.title} · ${t('threads.filed')}`
        )}
      </b>
      <time dateTime={new Date(at).toISOString()}>{momentOf(at)}</time>
      <span>
        {named(authorOf(message))}: {text}
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
