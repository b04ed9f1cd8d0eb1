/** Gives a task to the selected units, or to an agency. Says first to whom. */
import { Button, Input, type InputRef, Select } from 'antd'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Incident } from '../../../contract/incidents.ts'
import type { Id } from '../../../contract/primitives.ts'
import { type Assignee, wordsSchema } from '../../../contract/tasks.ts'
import { listed, named } from '../../app/i18n/index.ts'
import { keyName } from '../../app/shortcuts/shortcuts.ts'
import { useApp, useSend } from '../../app/store.ts'
import { useSubmit } from '../../app/submit.ts'
import styles from './incidents.module.css'
import { assigningAsked } from './slice.ts'

const templates = ['look', 'rescue', 'cordon', 'traffic', 'evacuate', 'support'] as const

export function AssignForm({ incident }: { incident: Incident }) {
  const { t } = useTranslation()
  const submit = useSubmit()
  const send = useSend()
  const field = useRef<InputRef>(null)
  const asked = useApp(({ incidents }) => incidents.assigning)
  const selected = useApp(({ selection }) => selection.units)
  const { units, agencies } = useApp(({ shared }) => shared.state.directory)
  const [agency, setAgency] = useState<Id | null>(null)
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    if (!asked) return
    const frame = requestAnimationFrame(() => {
      field.current?.focus()
      send(assigningAsked(false))
    })
    return () => cancelAnimationFrame(frame)
  }, [asked, send])

  const chosen: readonly Assignee[] =
    agency === null
      ? selected.filter((unit) => unit in units).map((unit) => ({ kind: 'unit', unit }))
      : [{ kind: 'agency', agency }]
  const nameOf = (assignee: Assignee) => {
    const found = assignee.kind === 'unit' ? units[assignee.unit] : agencies[assignee.agency]
    return found === undefined ? '' : named(found.name)
  }
  const instruction = wordsSchema.safeParse(text)
  const assign = async (event: FormEvent) => {
    event.preventDefault()
    if (!instruction.success || chosen.length === 0 || busy) return
    setBusy(true)
    const outcomes = await Promise.all(
      chosen.map((assignee) =>
        submit({
          kind: 'task.assign',
          incident: incident.id,
          id: crypto.randomUUID(),
          assignee,
          instruction: instruction.data,
        }),
      ),
    )
    setBusy(false)
    // Where any was refused, what was written stays to be given again.
    if (outcomes.every((outcome) => outcome !== 'refused')) setText('')
  }
  return (
    <form className={styles.assign} onSubmit={assign} aria-label={t('incident.assign')}>
      <Input
        ref={field}
        maxLength={1000}
        aria-label={t('incident.instruction')}
        placeholder={`${t('incident.instruction')} (${keyName('task')})`}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <div className={styles.templates}>
        {templates.map((template) => (
          <Button key={template} onClick={() => setText(t(`incident.templates.${template}`))}>
            {t(`incident.templates.${template}`)}
          </Button>
        ))}
      </div>
      <Select<Id>
        size="small"
        allowClear
        aria-label={t('incident.toAgency')}
        placeholder={t('incident.toAgency')}
        value={agency}
        options={Object.values(agencies).map(({ id, name }) => ({ value: id, label: named(name) }))}
        onChange={(next) => setAgency(next ?? null)}
      />
      <p role="status">
        {chosen.length === 0
          ? t('incident.selectFirst')
          : t('incident.willTask', { n: chosen.length, names: listed(chosen.slice(0, 3).map(nameOf)) })}
      </p>
      <Button
        type="primary"
        htmlType="submit"
        loading={busy}
        disabled={!instruction.success || chosen.length === 0}
      >
        {t('incident.assign')} <kbd>Enter</kbd>
      </Button>
    </form>
  )
}
