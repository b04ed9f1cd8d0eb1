/** One thread: what was said, who has got and read it, and the field to answer. */
import { App, Button, Dropdown, Input, type InputRef } from 'antd'
import {
  type ClipboardEvent,
  type DragEvent,
  type FormEvent,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { useTranslation } from 'react-i18next'
import { attachmentTypes, MOST_ATTACHMENTS } from '../../../contract/attachments.ts'
import type { Id, Place } from '../../../contract/primitives.ts'
import { wordsSchema } from '../../../contract/tasks.ts'
import {
  authorOf,
  isBy,
  type Message,
  type Thread,
  type ThreadName,
  threadKey,
} from '../../../contract/threads.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { useSubmit } from '../../app/submit.ts'
import { timeOf } from '../../ui/moment.ts'
import { AttachmentList } from '../attachments/attachment-list.tsx'
import { OutgoingList } from '../attachments/outgoing-list.tsx'
import { useOutgoing } from '../attachments/use-outgoing.ts'
import { writePlace } from '../map/coordinates.ts'
import { mapView } from '../map/map-view.ts'
import { reachedBy } from './broadcast-state.ts'
import { markMessages } from './mark.ts'
import { TelephoneDeliveries } from './telephone-delivery.tsx'
import styles from './threads.module.css'
import { UnitReceipts } from './unit-receipts.tsx'
import { receiptsOf } from './unread.ts'
import { useOlder } from './use-older.ts'

const CLOSE_ZOOM = 16
const phrases = ['received', 'where', 'report', 'hold', 'support', 'return'] as const

interface ConversationProps {
  readonly name: ThreadName
  readonly account: Id
  /** The message that is looked for in it. */
  readonly sought?: string | null
}

export function Conversation({ name, account, sought = null }: ConversationProps) {
  const { t } = useTranslation()
  const thread = useApp(({ shared }) => shared.state.threads[threadKey(name)])
  const end = useRef<HTMLLIElement>(null)
  const list = useRef<HTMLOListElement>(null)
  const count = thread?.count ?? 0
  const { messages, more, loading } = useOlder(name, thread, sought)
  const first = messages[0]?.id
  const height = useRef(0)
  // What comes before what one reads does not push it away.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at whenever there is something before it.
  useLayoutEffect(() => {
    const all = list.current
    if (all === null) return
    if (height.current > 0 && all.scrollTop === 0) all.scrollTop = all.scrollHeight - height.current
    height.current = all.scrollHeight
  }, [first])
  const isThere = sought !== null && messages.some(({ id }) => id === sought)
  useEffect(() => {
    if (isThere) list.current?.querySelector('[data-sought]')?.scrollIntoView({ block: 'center' })
  }, [isThere])
  useEffect(() => {
    if (count > 0) end.current?.scrollIntoView({ block: 'end' })
  }, [count])
  useRead(name, thread, account)
  return (
    <>
      <ol
        ref={list}
        className={styles.messages}
        aria-live="polite"
        aria-label={t('threads.said')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the keys.
        tabIndex={0}
        data-testid="messages"
      >
        {thread === undefined && <li className={styles.none}>{t('threads.empty')}</li>}
        {more !== undefined && (
          <li className={styles.older}>
            <Button onClick={more} loading={loading}>
              {t('threads.older')}
            </Button>
          </li>
        )}
        {thread !== undefined &&
          messages.map((message) => (
            <Said
              key={message.id}
              message={message}
              thread={thread}
              own={isBy(message, account)}
              isSought={message.id === sought}
            />
          ))}
        <li ref={end} aria-hidden="true" />
      </ol>
      <Composer name={name} />
    </>
  )
}

/** What is on the screen of somebody who looks at it has been read. */
function useRead(name: ThreadName, thread: Thread | undefined, account: Id): void {
  const count = thread?.count ?? 0
  const read = thread?.marks[account]?.read ?? 0
  const [isSeen, setSeen] = useState(document.visibilityState === 'visible')
  useEffect(() => {
    const look = () => setSeen(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  const key = threadKey(name)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the name is another object each time, its key is not.
  useEffect(() => {
    if (isSeen && read < count) markMessages({ thread: name, delivered: count, read: count })
  }, [key, isSeen, read, count])
}

interface SaidProps {
  readonly message: Message
  readonly thread: Thread
  readonly own: boolean
  readonly isSought: boolean
}

function Said({ message, thread, own, isSought }: SaidProps) {
  const { t } = useTranslation()
  const { by, at, text, place, attachments, number, from } = message
  const { read, delivered } = receiptsOf(thread, number, by.account)
  // Below it stands what became of it there: that the hub has it says less.
  const isWithTelephone = message.telephones !== undefined && read.length === 0 && delivered.length === 0
  return (
    <li className={styles.said} data-own={own || undefined} data-sought={isSought || undefined}>
      <small>
        {named(authorOf(message))}
        {from !== undefined && ` ${t('threads.telephone.from', { number: from.number })}`}{' '}
        <time dateTime={new Date(at).toISOString()}>{timeOf(at)}</time>
      </small>
      <p>{text}</p>
      <AttachmentList attachments={attachments} />
      {place !== null && (
        <Button type="link" className={styles.place ?? ''} onClick={() => mapView.goTo(place, CLOSE_ZOOM)}>
          {writePlace(place)}
        </Button>
      )}
      <TelephoneDeliveries message={message} thread={thread} />
      {own && thread.group !== undefined && <UnitReceipts message={message} thread={thread} />}
      {own && thread.group === undefined && !isWithTelephone && (
        <small data-receipt={read.length > 0 ? 'read' : delivered.length > 0 ? 'delivered' : 'sent'}>
          {read.length > 0
            ? `✓✓ ${t('threads.read', { n: read.length })}`
            : delivered.length > 0
              ? `✓ ${t('threads.delivered', { n: delivered.length })}`
              : t('threads.sent')}
        </small>
      )}
    </li>
  )
}

function Composer({ name }: { name: ThreadName }) {
  const { t } = useTranslation()
  const submit = useSubmit()
  const [text, setText] = useState('')
  const [place, setPlace] = useState<Place | null>(null)
  const field = useRef<InputRef>(null)
  useEffect(() => {
    const frame = requestAnimationFrame(() => field.current?.focus())
    return () => cancelAnimationFrame(frame)
  }, [])
  const isTextOnly = useApp(
    ({ shared }) =>
      name.kind === 'unit' && reachedBy(shared.state.directory.units[name.unit]) === 'telephone',
  )
  const { message } = App.useApp()
  const picker = useRef<HTMLInputElement>(null)
  const files = useOutgoing()
  const bring = (chosen: readonly File[]) => {
    if (!files.add(chosen)) message.warning(t('attachments.tooMany', { n: MOST_ATTACHMENTS }))
  }
  // A picture says enough.
  const spoken = text.trim() === '' ? files.all.map(({ name: each }) => each).join(', ') : text
  const words = wordsSchema.safeParse(spoken.slice(0, 1000))
  const say = async (event: FormEvent) => {
    event.preventDefault()
    if (!words.success || !files.ready) return
    const brought = files.all
    const { attachments } = files
    // Kept by the outbox until the hub has it, and so can be followed by the next at once.
    setText('')
    setPlace(null)
    files.clear()
    const outcome = await submit({
      kind: 'message.send',
      id: crypto.randomUUID(),
      thread: name,
      text: words.data,
      place,
      ...(attachments.length > 0 && { attachments: [...attachments] }),
    })
    if (outcome !== 'refused') return
    setText(text)
    files.restore(brought)
  }
  const drop = (event: DragEvent) => {
    if (event.dataTransfer.files.length === 0) return
    event.preventDefault()
    bring([...event.dataTransfer.files])
  }
  const paste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return
    event.preventDefault()
    bring([...event.clipboardData.files])
  }
  return (
    <form
      className={styles.composer}
      onSubmit={say}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes('Files')) event.preventDefault()
      }}
      onDrop={drop}
      onPaste={paste}
    >
      <OutgoingList files={files} />
      {isTextOnly && <small>{t('threads.telephone.only')}</small>}
      <div className={styles.line}>
        <Input
          ref={field}
          maxLength={1000}
          aria-label={t('threads.write')}
          placeholder={t('threads.write')}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <Dropdown
          trigger={['click']}
          menu={{
            items: phrases.map((phrase) => ({ key: phrase, label: t(`threads.phrases.${phrase}`) })),
            onClick: ({ key }) => {
              setText(t(`threads.phrases.${key as (typeof phrases)[number]}`))
              // The menu takes the focus back to its button first.
              requestAnimationFrame(() => field.current?.focus())
            },
          }}
        >
          <Button>{t('threads.phrase')}</Button>
        </Dropdown>
        <Button
          aria-pressed={place !== null}
          title={t('threads.placeHint')}
          onClick={() => setPlace(place === null ? (mapView.pointed() ?? null) : null)}
        >
          {place === null ? t('threads.place') : `✓ ${writePlace(place)}`}
        </Button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          accept={attachmentTypes.join(',')}
          data-testid="attach"
          onChange={({ target }) => {
            bring([...(target.files ?? [])])
            target.value = ''
          }}
        />
        <Button title={t('attachments.addHint')} onClick={() => picker.current?.click()}>
          {t('attachments.add')}
        </Button>
        <Button type="primary" htmlType="submit" disabled={!words.success || !files.ready}>
          {t('threads.send')} <kbd>Enter</kbd>
        </Button>
      </div>
    </form>
  )
}
