/** Messages: the threads with the newest first, and the one that is open. */
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Thread } from '../../../contract/threads.ts'
import { threadKey } from '../../../contract/threads.ts'
import { useApp, useSend } from '../../app/store.ts'
import { timeOf } from '../../ui/moment.ts'
import { BroadcastResults } from './broadcast-results.tsx'
import { Conversation } from './conversation.tsx'
import { GroupHead } from './group-head.tsx'
import { FoundMessages } from './search.tsx'
import { threadClosed, threadOpened } from './slice.ts'
import { ThreadTitle } from './thread-title.tsx'
import styles from './threads.module.css'
import { unreadIn } from './unread.ts'
import { WriteToOfficers } from './write-to-officers.tsx'

export function MessagesPanel() {
  const { t } = useTranslation()
  const send = useSend()
  const { open, sought } = useApp(({ threads }) => threads)
  const [text, setText] = useState('')
  const threads = useApp(({ shared }) => shared.state.threads)
  const account = useApp(({ session: { session } }) =>
    session?.kind === 'signed-in' ? session.account.id : '',
  )
  if (open !== null)
    return (
      <div className={styles.panel}>
        <header className={styles.head}>
          <Button type="text" aria-label={t('threads.back')} onClick={() => send(threadClosed())}>
            ‹
          </Button>
          <h2>
            <ThreadTitle thread={open} />
          </h2>
        </header>
        <GroupHead thread={open} />
        <Conversation name={open} sought={sought} key={threadKey(open)} account={account} />
      </div>
    )
  const inOrder = Object.values(threads).toSorted((a, b) => lastOf(b) - lastOf(a))
  return (
    <div className={styles.panel}>
      <BroadcastResults />
      <div className={styles.tools}>
        <Input
          allowClear
          type="search"
          maxLength={60}
          aria-label={t('threads.search')}
          placeholder={t('threads.search')}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <WriteToOfficers />
      </div>
      {text.trim() !== '' && <FoundMessages text={text.trim()} />}
      {text.trim() === '' && inOrder.length === 0 && <p className={styles.none}>{t('threads.none')}</p>}
      <ul className={styles.list} hidden={text.trim() !== ''}>
        {inOrder.map((thread) => {
          const last = thread.messages.at(-1)
          const unread = unreadIn(thread, account)
          return (
            <li key={threadKey(thread.name)}>
              <button
                type="button"
                className={styles.row}
                data-thread={threadKey(thread.name)}
                onClick={() => send(threadOpened({ thread: thread.name }))}
              >
                <b>
                  <ThreadTitle thread={thread.name} />
                </b>
                {last !== undefined && <time>{timeOf(last.at)}</time>}
                <span>
                  {last?.text ?? (thread.group && t('threads.group.empty', { n: thread.group.units.length }))}
                </span>
                {unread > 0 && <em>{t('threads.unread', { n: unread })}</em>}
              </button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

const lastOf = ({ messages, group }: Thread): number => messages.at(-1)?.at ?? group?.at ?? 0
