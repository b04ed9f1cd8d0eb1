/** A detail that can be corrected where it stands. What somebody else writes meanwhile is shown beside it. */
import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Incident, textDetails } from '../../../contract/incidents.ts'
import { lineSchema } from '../../../contract/primitives.ts'
import { useSubmit } from '../../app/submit.ts'
import styles from './incidents.module.css'

interface TextFactProps {
  readonly incident: Incident
  readonly field: (typeof textDetails)[number]
  readonly canEdit: boolean
}

export function TextFact({ incident, field, canEdit }: TextFactProps) {
  const { t } = useTranslation()
  /** What was there when the officer began to write. */
  const [saw, setSaw] = useState<string | null>()
  const is = incident[field]
  if (saw === undefined)
    return (
      <>
        {is ?? <span className={styles.none}>–</span>}
        {canEdit && (
          <Button
            type="text"
            className={styles.pen ?? ''}
            aria-label={t('incident.edit', { what: t(`details.${field}`) })}
            title={t('incident.edit', { what: t(`details.${field}`) })}
            onClick={() => setSaw(is)}
          >
            ✎
          </Button>
        )}
      </>
    )
  return (
    <Editor incident={incident} field={field} saw={saw} onSaw={setSaw} onDone={() => setSaw(undefined)} />
  )
}

interface EditorProps extends Omit<TextFactProps, 'canEdit'> {
  readonly saw: string | null
  onSaw(value: string | null): void
  onDone(): void
}

function Editor({ incident, field, saw, onSaw, onDone }: EditorProps) {
  const { t } = useTranslation()
  const submit = useSubmit()
  const [text, setText] = useState(saw ?? '')
  const is = incident[field]
  const differs = is !== saw
  const value = lineSchema.safeParse(text)
  const empty = text.trim() === '' && field !== 'title'
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (differs || !(value.success || empty)) return
    const to = empty ? null : (value.data ?? null)
    const change = field === 'title' ? { field, saw: saw ?? '', to: to ?? '' } : { field, saw, to }
    // What is there by now is shown as soon as it is told.
    const outcome = await submit(
      { kind: 'incident.amend', incident: incident.id, change },
      ({ code }) => code === 'changed-meanwhile',
    )
    if (outcome !== 'refused') onDone()
  }
  return (
    <form
      className={styles.editor}
      onSubmit={save}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onDone()
      }}
    >
      <Input
        autoFocus
        size="small"
        maxLength={120}
        aria-label={t(`details.${field}`)}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {differs ? (
        <div className={styles.conflict} role="alert">
          {t('incident.conflict', { theirs: is ?? '–', yours: text })}
          <Button onClick={onDone}>{t('incident.keepTheirs')}</Button>
          <Button onClick={() => onSaw(is)}>{t('incident.writeYours')}</Button>
        </div>
      ) : (
        <>
          <Button type="primary" htmlType="submit" disabled={!(value.success || empty)}>
            {t('incident.save')}
          </Button>
          <Button onClick={onDone}>{t('common.cancel')}</Button>
        </>
      )}
    </form>
  )
}
