/** The unit's messages: what the duty room says, and what the crew says back. */
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { Attachment } from '../contract/attachments.ts'
import type { FieldAct, FieldSubmission, FieldTalk } from '../contract/field.ts'
import type { Id } from '../contract/primitives.ts'
import { authorOf, isBy } from '../contract/threads.ts'
import type { Line } from './line.ts'
import { PictureChoice } from './picture-choice.tsx'
import { SentPictures } from './sent-pictures.tsx'
import { filled, type Language, named, texts } from './texts.ts'

interface TalkProps {
  readonly talk: FieldTalk
  readonly account: Id
  /** What has been said and the hub does not know yet. */
  readonly waiting: readonly FieldSubmission[]
  readonly language: Language
  onSay(act: FieldAct): void
  /** Undefined while there is no link. */
  hub(): Line['hub'] | undefined
}

export function Talk({ talk, account, waiting, language, onSay, hub }: TalkProps) {
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
  const onTheWay = waiting.flatMap(({ act }) => (act.kind === 'message' ? [act] : []))
  return (
    <section className="talk" aria-label={t.messages}>
      <h2>{t.messages}</h2>
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
          {t.write}
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

/** What has come to the phone has been got, and what is on its screen has been read; said once for each. */
export function useMarks(talk: FieldTalk | undefined, stands: boolean, say: (act: FieldAct) => void): void {
  const told = useRef({ delivered: 0, read: 0 })
  const [seen, setSeen] = useState(document.visibilityState === 'visible')
  useEffect(() => {
    const look = () => setSeen(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  useEffect(() => {
    if (talk === undefined || !stands) return
    const { count, mark } = talk
    const delivered = Math.max(mark.delivered, told.current.delivered)
    const read = Math.max(mark.read, told.current.read)
    const next = { delivered: count, read: seen ? count : read }
    if (next.delivered <= delivered && next.read <= read) return
    told.current = next
    say({ kind: 'mark', ...next })
  })
}
