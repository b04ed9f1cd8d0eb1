/** Opens an incident: what happened, where, and who says so. */
import { Button, Input, type InputRef, Segmented, Select } from 'antd'
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Grade, grades } from '../../../contract/deadlines.ts'
import { detailsSchema, incidentCategories } from '../../../contract/incidents.ts'
import { useSend } from '../../app/store.ts'
import { useSubmit } from '../../app/submit.ts'
import { writePlace } from '../map/coordinates.ts'
import { AreaChoice } from './area-choice.tsx'
import styles from './incidents.module.css'
import { type Draft, draftEnded } from './slice.ts'
import { useSelectIncident } from './use-select.ts'

export function OpenForm({ draft: { details: begun, source } }: { draft: Draft }) {
  const { t } = useTranslation()
  const send = useSend()
  const submit = useSubmit()
  const select = useSelectIncident()
  const [details, setDetails] = useState(begun)
  const [grade, setGrade] = useState<Grade | null>(null)
  const [busy, setBusy] = useState(false)
  const first = useRef<InputRef>(null)
  useEffect(() => {
    // Its panel may have been behind another, and is there with the next picture.
    const frame = requestAnimationFrame(() => first.current?.focus())
    return () => cancelAnimationFrame(frame)
  }, [])
  const checked = detailsSchema.safeParse(details)
  const open = async (event: FormEvent) => {
    event.preventDefault()
    if (!checked.success || busy) return
    setBusy(true)
    const id = crypto.randomUUID()
    const outcome = await submit({ kind: 'incident.open', id, details: checked.data, source, grade })
    setBusy(false)
    if (outcome === 'refused') return
    send(draftEnded())
    if (outcome === 'done') select(id)
  }
  const line = (field: 'address' | 'caller') => (
    <Field name={t(`details.${field}`)}>
      {(id) => (
        <Input
          id={id}
          maxLength={120}
          value={details[field] ?? ''}
          onChange={({ target }) => setDetails({ ...details, [field]: target.value || null })}
        />
      )}
    </Field>
  )
  return (
    <form
      className={styles.form}
      onSubmit={open}
      aria-label={t('incident.open')}
      onKeyDown={(event) => {
        if (event.key === 'Escape') send(draftEnded())
      }}
    >
      <h2>{t(`incident.openFrom.${source.kind}`)}</h2>
      <Field name={t('details.title')}>
        {(id) => (
          <Input
            id={id}
            ref={first}
            maxLength={120}
            placeholder={t('incident.titleHint')}
            value={details.title}
            onChange={({ target }) => setDetails({ ...details, title: target.value })}
          />
        )}
      </Field>
      <Field name={t('details.category')}>
        {(id) => (
          <Select
            id={id}
            value={details.category}
            options={incidentCategories.map((value) => ({ value, label: t(`incidentCategories.${value}`) }))}
            onChange={(category) => setDetails({ ...details, category })}
          />
        )}
      </Field>
      <Field name={t('details.grade')}>
        {(id) => (
          <Segmented<Grade | 'none'>
            id={id}
            aria-label={t('details.grade')}
            block
            value={grade ?? 'none'}
            options={['none' as const, ...grades].map((value) => ({
              value,
              label: value === 'none' ? t('incident.later') : t(`grades.${value}`),
            }))}
            onChange={(chosen) => setGrade(chosen === 'none' ? null : chosen)}
          />
        )}
      </Field>
      <Field name={t('details.area')}>
        {(id) => (
          <AreaChoice id={id} area={details.area} onChange={(area) => setDetails({ ...details, area })} />
        )}
      </Field>
      {line('address')}
      {line('caller')}
      <p>
        {t('details.place')}: {details.place === null ? t('incident.noPlace') : writePlace(details.place)}
      </p>
      <div className={styles.buttons}>
        <Button type="primary" htmlType="submit" disabled={!checked.success} loading={busy}>
          {t('incident.open')} <kbd>Enter</kbd>
        </Button>
        <Button onClick={() => send(draftEnded())}>
          {t('common.cancel')} <kbd>Esc</kbd>
        </Button>
      </div>
    </form>
  )
}

function Field({ name, children }: { name: string; children(id: string): ReactNode }) {
  const id = useId()
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{name}</label>
      {children(id)}
    </div>
  )
}
