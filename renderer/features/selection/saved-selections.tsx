/** Selections that an officer keeps under a name. */
import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { lineSchema } from '../../../contract/primitives.ts'
import { MOST_SAVED_SELECTIONS, type SavedSelection } from '../../../contract/settings.ts'
import { useApp } from '../../app/store.ts'
import { FormPopover } from '../../ui/form-popover.tsx'
import { useChangeSettings } from '../settings/display-settings.tsx'
import { seek } from './seek.ts'
import styles from './selection.module.css'

const none: readonly SavedSelection[] = []

export function SavedSelections() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <FormPopover
      placement="bottomLeft"
      open={open}
      onOpenChange={setOpen}
      form={<SavedForm onDone={() => setOpen(false)} />}
    >
      <Button>{t('selection.saved')}</Button>
    </FormPopover>
  )
}

function SavedForm({ onDone }: { onDone(): void }) {
  const { t } = useTranslation()
  const change = useChangeSettings()
  const account = useApp(({ session: { session } }) =>
    session?.kind === 'signed-in' ? session.account.id : undefined,
  )
  const kept = useApp(({ settings }) => settings.seat.selections)
  const selected = useApp(({ selection }) => selection.units)
  const units = useApp(({ shared }) => shared.state.directory.units)
  const [name, setName] = useState('')
  if (account === undefined) return null
  const list = kept[account] ?? none
  const keep = (next: readonly SavedSelection[]) => change({ selections: { [account]: [...next] } })
  const others = list.filter((saved) => saved.name !== name.trim())
  const full = others.length >= MOST_SAVED_SELECTIONS
  const fits = selected.length > 0 && !full && lineSchema.safeParse(name).success
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (!fits) return
    keep([...others, { name: name.trim(), units: [...selected] }])
    setName('')
  }
  return (
    <form className={styles.filter} onSubmit={save}>
      {list.length === 0 && <p>{t('selection.none')}</p>}
      <ul className={styles.saved}>
        {list.map((saved) => {
          const missing = saved.units.filter((id) => units[id] === undefined).length
          return (
            <li key={saved.name}>
              <Button
                type="text"
                title={missing === 0 ? undefined : t('selection.missing', { n: missing })}
                onClick={() => {
                  seek({ kind: 'named', units: saved.units })
                  onDone()
                }}
              >
                {saved.name} <small>{saved.units.length - missing}</small>
              </Button>
              <Button
                type="text"
                aria-label={t('selection.remove', { name: saved.name })}
                onClick={() => keep(list.filter((other) => other !== saved))}
              >
                ✕
              </Button>
            </li>
          )
        })}
      </ul>
      <div className={styles.field}>
        <span aria-hidden="true">{t('selection.name')}</span>
        <Input
          aria-label={t('selection.name')}
          value={name}
          maxLength={120}
          onChange={({ target }) => setName(target.value)}
        />
      </div>
      {full && <p role="alert">{t('selection.full', { n: MOST_SAVED_SELECTIONS })}</p>}
      <Button type="primary" htmlType="submit" disabled={!fits}>
        {t('selection.save')}
      </Button>
    </form>
  )
}
