/** Forms a group of the units that are selected, which is then written to together. */
import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import { MOST_UNITS_OF_GROUP, unitGroupSchema } from '../../../contract/unit-groups.ts'
import { useApp } from '../../app/store.ts'
import { useSubmit } from '../../app/submit.ts'
import { FormPopover } from '../../ui/form-popover.tsx'
import { reachedBy } from './broadcast-state.ts'
import styles from './threads.module.css'
import { useOpenThread } from './use-thread.ts'

export function FormGroup({ selected }: { selected: readonly Id[] }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const units = useApp(({ shared }) => shared.state.directory.units)
  const reached = selected.filter((id) => reachedBy(units[id]) !== undefined)
  if (reached.length < 2 || reached.length > MOST_UNITS_OF_GROUP) return null
  return (
    <FormPopover
      open={open}
      onOpenChange={setOpen}
      form={
        <GroupForm units={reached} without={selected.length - reached.length} onDone={() => setOpen(false)} />
      }
    >
      <Button>{t('threads.group.form', { n: reached.length })}</Button>
    </FormPopover>
  )
}

function GroupForm({ units, without, onDone }: { units: readonly Id[]; without: number; onDone(): void }) {
  const { t } = useTranslation()
  const submit = useSubmit()
  const openThread = useOpenThread()
  const [text, setText] = useState('')
  const name = unitGroupSchema.shape.name.safeParse(text)
  const form = async (event: FormEvent) => {
    event.preventDefault()
    if (!name.success) return
    const thread = { kind: 'group', group: crypto.randomUUID() } as const
    const outcome = await submit({ kind: 'group.form', thread, name: name.data, units: [...units] })
    if (outcome === 'refused') return
    onDone()
    openThread(thread)
  }
  return (
    <form className={styles.broadcastForm} aria-label={t('threads.group.formTitle')} onSubmit={form}>
      <p>
        {t('threads.group.willRead', { n: units.length })}
        {without > 0 && t('threads.without', { n: without })}
      </p>
      <Input
        maxLength={120}
        aria-label={t('threads.group.name')}
        placeholder={t('threads.group.name')}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <Button type="primary" htmlType="submit" disabled={!name.success}>
        {t('threads.group.begin')} <kbd>Enter</kbd>
      </Button>
    </form>
  )
}
