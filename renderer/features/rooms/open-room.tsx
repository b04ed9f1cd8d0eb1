/** Opens a room: what it is called and who is rung, and at once shown what their cameras see. */
import { Button, type ButtonProps, Checkbox, Input } from 'antd'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Scope } from '../../../contract/permissions.ts'
import { type Id, lineSchema } from '../../../contract/primitives.ts'
import type { Reachable } from '../../../contract/rooms.ts'
import { engine } from '../../app/engine.ts'
import { named } from '../../app/i18n/index.ts'
import { askForPanel } from '../../app/layout/asked-panels.ts'
import { FormPopover } from '../../ui/form-popover.tsx'
import { useExplain } from '../../ui/refusal.ts'
import { prepare } from './attending.ts'
import styles from './rooms.module.css'
import { useMayChair, useRoomRequest } from './use-rooms.ts'

interface OpenRoomProps {
  readonly scope: Scope
  readonly name?: string
  /** Who is to be invited, as far as they can be. */
  readonly invite?: readonly Id[]
  /** Cameras that everybody in it is shown. */
  readonly cameras?: readonly Id[]
  readonly type?: Exclude<ButtonProps['type'], undefined>
}

export function OpenRoom({ type = 'default', ...order }: OpenRoomProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const mayChair = useMayChair()
  if (!mayChair(order.scope)) return null
  return (
    <FormPopover
      open={open}
      onOpenChange={setOpen}
      form={<OpenForm order={order} onDone={() => setOpen(false)} />}
    >
      <Button type={type}>{t('rooms.open')}</Button>
    </FormPopover>
  )
}

function OpenForm({ order, onDone }: { order: Omit<OpenRoomProps, 'type'>; onDone(): void }) {
  const { t } = useTranslation()
  const request = useRoomRequest()
  const [name, setName] = useState(order.name ?? '')
  const [invited, setInvited] = useState<readonly Id[]>([])
  const { reachable, failed } = useReachable((found) => {
    const known = new Set(found.map(({ account }) => account))
    setInvited((order.invite ?? []).filter((account) => known.has(account)))
  })
  const called = lineSchema.safeParse(name)
  const start = async (event: FormEvent) => {
    event.preventDefault()
    if (!called.success) return
    const room = await request({ kind: 'open', name: called.data, scope: order.scope, invite: [...invited] })
    if (room === undefined) return
    for (const source of order.cameras ?? [])
      await request({ kind: 'chair', room, chaired: { act: 'show-source', source } })
    onDone()
    prepare({ id: room, name: called.data })
    askForPanel('rooms')
  }
  return (
    <form className={styles.form} onSubmit={start} aria-label={t('rooms.open')}>
      <Input
        aria-label={t('rooms.name')}
        placeholder={t('rooms.name')}
        maxLength={100}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <InviteChoice reachable={reachable} value={invited} onChange={setInvited} />
      {failed !== undefined && <p role="alert">{failed}</p>}
      <Button type="primary" htmlType="submit" disabled={!called.success}>
        {t('rooms.start')} <kbd>Enter</kbd>
      </Button>
    </form>
  )
}

/** Whom the officer may invite. `onFound` is told once. */
export function useReachable(onFound: (found: readonly Reachable[]) => void = () => undefined) {
  const explain = useExplain()
  const [reachable, setReachable] = useState<readonly Reachable[]>([])
  const [failed, setFailed] = useState<string>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is asked once, when the form is opened.
  useEffect(() => {
    engine.video.rooms.reachable.query().then(
      (found) => {
        setReachable(found)
        onFound(found)
      },
      (error) => setFailed(explain(error)),
    )
  }, [])
  return { reachable, failed }
}

interface InviteChoiceProps {
  readonly legend?: string
  readonly reachable: readonly Reachable[]
  readonly value: readonly Id[]
  onChange(invited: readonly Id[]): void
}

/** So many can be looked through. */
const FEW = 8

/** Those who sit at a console first. */
export function InviteChoice({ legend, reachable, value, onChange }: InviteChoiceProps) {
  const { t } = useTranslation()
  const [sought, setSought] = useState('')
  const order = [...reachable.filter(({ here }) => here), ...reachable.filter(({ here }) => !here)]
  const chosen = new Set(value)
  const found = order.filter(
    ({ account, name }) => chosen.has(account) || named(name).includes(sought.trim()),
  )
  return (
    <fieldset className={styles.people}>
      <legend>{legend ?? t('rooms.invite')}</legend>
      {reachable.length > FEW && (
        <Input
          aria-label={t('rooms.seek')}
          placeholder={t('rooms.seek')}
          value={sought}
          onChange={({ target }) => setSought(target.value)}
        />
      )}
      <ul>
        {found.map(({ account, name, here }) => (
          <li key={account}>
            <Checkbox
              checked={chosen.has(account)}
              onChange={({ target }) =>
                onChange(target.checked ? [...value, account] : value.filter((each) => each !== account))
              }
            >
              {t(here ? 'rooms.here' : 'rooms.notHere', { name: named(name) })}
            </Checkbox>
          </li>
        ))}
      </ul>
      {reachable.length === 0 && <p>{t('rooms.nobody')}</p>}
    </fieldset>
  )
}
