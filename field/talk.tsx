/** The unit's messages, and those of the groups that it is in: what the duty room says, and what the crews say. */
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { Attachment } from '../contract/attachments.ts'
import type { FieldAct, FieldGroup, FieldSubmission, FieldTalk, FieldView } from '../contract/field.ts'
import type { Id } from '../contract/primitives.ts'
import { authorOf, isBy } from '../contract/threads.ts'
import type { Line } from './line.ts'
import { PictureChoice } from './picture-choice.tsx'
import { SentPictures } from './sent-pictures.tsx'
import { filled, type Language, named, texts } from './texts.ts'

interface TalkProps {
  readonly talk: FieldTalk
  /** Left out: the unit's own. */
  readonly group?: FieldGroup
  readonly account: Id
  /** What has been said and the hub does not know yet. */
  readonly waiting: readonly FieldSubmission[]
  readonly language: Language
  onSay(act: FieldAct): void
  /** Undefined while there is no link. */
  hub(): Line['hub'] | undefined
}

export function Talk({ talk, group, account, waiting, language, onSay, hub }: TalkProps) {
  const t = texts[language]
  const [text, setText] = useState('')
  const said = text.trim()
  const [pictures, setPictures] = useState<readonly Attachment[]>([])
  const say = (words: string, brought: readonly Attachment[] = []) =>
    onSay({
      kind: 'message',
      id: crypto.randomUUID(),
      text: words,
      place: null,
      ...(group !== undefined && { group: group.id }),
      ...(brought.length > 0 && { attachments: [...brought] }),
    })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (said === '' && pictures.length === 0) return
    say(said === '' ? pictures.map(({ name }) => name).join(', ') : said, pictures)
    setText('')
    setPictures([])
  }
  const time = (at: number) =>
    new Date(at).toLocaleTimeString(language === 'zh' ? 'zh-CN' : 'en', {
      hour: '2-digit',
      minute: '2-digit',
    })
  const title = group === undefined ? t.messages : filled(t.group, { name: group.name })
  const onTheWay = waiting.flatMap(({ act }) =>
    act.kind === 'message' && act.group === group?.id ? [act] : [],
  )
  return (
    <section className="talk" aria-label={title} data-group={group?.id}>
      <h2>{title}</h2>
      {group !== undefined && <p className="dim">{filled(t.groupOf, { n: group.units })}</p>}
      <ol aria-live="polite">
        {talk.messages.map((message) => (
          <li key={message.id} data-own={isBy(message, account) || undefined}>
            <span className="dim">
              {named(authorOf(message), language)} {time(message.at)}
            </span>
            <p className="instruction">{message.text}</p>
            <SentPictures attachments={message.attachments} language={language} hub={hub} />
            {message.place !== null && (
              <a href={`geo:${message.place.lat},${message.place.lon}`}>
                {message.place.lat.toFixed(5)}, {message.place.lon.toFixed(5)}
              </a>
            )}
          </li>
        ))}
        {onTheWay.map((message) => (
          <li key={message.id} data-own>
            <span className="dim">{filled(t.waiting, { n: 1 })}</span>
            <p className="instruction">{message.text}</p>
          </li>
        ))}
      </ol>
      <form onSubmit={submit}>
        <label>
          {group === undefined ? t.write : t.writeToGroup}
          <textarea rows={2} maxLength={1000} value={text} onChange={({ target }) => setText(target.value)} />
        </label>
        <PictureChoice pictures={pictures} language={language} onChange={setPictures} />
        <div className="steps">
          <button type="submit" className="main" disabled={said === '' && pictures.length === 0}>
            {t.say}
          </button>
          <button type="button" onClick={() => say(t.gotIt)}>
            {t.gotIt}
          </button>
        </div>
      </form>
    </section>
  )
}

/** Up to where it has been said for a thread: the hub tells of it a moment later. */
type Told = Pick<FieldTalk['mark'], 'delivered' | 'read'>
const nothing: Told = { delivered: 0, read: 0 }

/** What has come to the phone has been got, and what is on its screen has been read; said once for each. */
export function useMarks(view: FieldView | undefined, stands: boolean, say: (act: FieldAct) => void): void {
  /** By group; '' for the unit's own. */
  const told = useRef(new Map<string, Told>())
  const [seen, setSeen] = useState(document.visibilityState === 'visible')
  useEffect(() => {
    const look = () => setSeen(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  useEffect(() => {
    if (view === undefined || !stands) return
    const mark = ({ count, mark: known }: FieldTalk, group?: string) => {
      const before = told.current.get(group ?? '') ?? nothing
      const delivered = Math.max(known.delivered, before.delivered)
      const read = Math.max(known.read, before.read)
      const next = { delivered: count, read: seen ? count : read }
      if (next.delivered <= delivered && next.read <= read) return
      told.current.set(group ?? '', next)
      say({ kind: 'mark', ...next, ...(group !== undefined && { group }) })
    }
    if (view.talk !== null) mark(view.talk)
    for (const { id, talk } of view.groups) mark(talk, id)
  })
}
