/** One task: what is asked, where, until when, and the steps that can be taken now. */
import { type FormEvent, useState } from 'react'
import type { Attachment } from '../contract/attachments.ts'
import type { Errand, FieldAct } from '../contract/field.ts'
import { taskTable } from '../contract/tasks.ts'
import { PictureChoice } from './picture-choice.tsx'
import { filled, type Language, named, texts } from './texts.ts'

interface ErrandProps {
  readonly errand: Errand
  readonly language: Language
  /** A step has been taken that the hub does not know yet. */
  readonly waiting: boolean
  onStep(act: FieldAct): void
}

/** In the order in which they come; the first that can be taken is the one that is meant most often. */
const steps = ['accept', 'set-out', 'arrive', 'finish', 'refuse'] as const
type Step = (typeof steps)[number]

/** These are asked for words first. */
const spoken = { finish: true, refuse: true } as const

export function ErrandCard({ errand, language, waiting, onStep }: ErrandProps) {
  const t = texts[language]
  const { task, incident } = errand
  const [speaking, setSpeaking] = useState<keyof typeof spoken>()
  const possible = steps.filter((step) => taskTable[task.state][step] !== undefined)
  const take = (step: Step, words: string | null, pictures: readonly Attachment[] = []) => {
    setSpeaking(undefined)
    if (step === 'refuse') onStep({ kind: 'explained-step', task: task.id, step, words: words ?? '' })
    else
      onStep({
        kind: 'step',
        task: task.id,
        step,
        words,
        ...(pictures.length > 0 && { attachments: [...pictures] }),
      })
  }
  const time = (at: number) =>
    new Date(at).toLocaleTimeString(language === 'zh' ? 'zh-CN' : 'en', {
      hour: '2-digit',
      minute: '2-digit',
    })
  return (
    <article className="errand" data-task={task.id} data-state={task.state}>
      <h3>{incident.title}</h3>
      <p className="dim">
        {t.taskStates[task.state]}
        {task.dueAt !== null && ` · ${task.overdue ? t.overdue : filled(t.due, { time: time(task.dueAt) })}`}
        {` · ${named(task.assignedBy, language)}`}
      </p>
      {incident.address !== null && <p>{incident.address}</p>}
      {incident.place !== null && (
        <p>
          <a href={`geo:${incident.place.lat},${incident.place.lon}`}>
            {incident.place.lat.toFixed(5)}, {incident.place.lon.toFixed(5)}
          </a>
        </p>
      )}
      <p className="instruction">{task.instruction}</p>
      {speaking === undefined ? (
        <div className="steps">
          {possible.map((step, at) => (
            <button
              key={step}
              type="button"
              className={at === 0 ? 'main' : ''}
              disabled={waiting}
              onClick={() => (step in spoken ? setSpeaking(step as keyof typeof spoken) : take(step, null))}
            >
              {t.steps[step]}
            </button>
          ))}
        </div>
      ) : (
        <Words
          label={t.words[speaking]}
          required={speaking === 'refuse'}
          withPictures={speaking === 'finish'}
          language={language}
          onSay={(words, pictures) => take(speaking, words, pictures)}
          onBack={() => setSpeaking(undefined)}
        />
      )}
    </article>
  )
}

interface WordsProps {
  readonly label: string
  readonly required: boolean
  readonly withPictures: boolean
  readonly language: Language
  onSay(words: string | null, pictures: readonly Attachment[]): void
  onBack(): void
}

function Words({ label, required, withPictures, language, onSay, onBack }: WordsProps) {
  const t = texts[language]
  const [words, setWords] = useState('')
  const [pictures, setPictures] = useState<readonly Attachment[]>([])
  const said = words.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (said !== '' || !required) onSay(said === '' ? null : said, pictures)
  }
  return (
    <form onSubmit={submit}>
      <label>
        {label}
        <textarea rows={3} maxLength={1000} value={words} onChange={({ target }) => setWords(target.value)} />
      </label>
      {withPictures && <PictureChoice pictures={pictures} language={language} onChange={setPictures} />}
      <div className="steps">
        <button type="submit" className="main" disabled={required && said === ''}>
          {t.send}
        </button>
        <button type="button" onClick={onBack}>
          {t.back}
        </button>
      </div>
    </form>
  )
}
