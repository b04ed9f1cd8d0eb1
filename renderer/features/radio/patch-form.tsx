/** Joins channels and calls. What would make a loop is told before it is tried. */
import { Alert, Button, Checkbox } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { makesLoop } from '../../../contract/patch-rules.ts'
import type { PatchEnd } from '../../../contract/seat-radio.ts'
import { engine } from '../../app/engine.ts'
import { useApp } from '../../app/store.ts'
import { FormPopover } from '../../ui/form-popover.tsx'
import { useExplain } from '../../ui/refusal.ts'
import styles from './panel-tools.module.css'
import { EndName, keyOfEnd } from './patches.tsx'
import { usePatchable } from './use-may-patch.ts'

/** `call`: one end that is known already. Not there for who may join nothing. */
export function PatchButton({ call }: { call?: string }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const may = usePatchable().length > (call === undefined ? 1 : 0)
  if (!may) return null
  return (
    <FormPopover
      open={open}
      onOpenChange={setOpen}
      form={<PatchForm {...(call !== undefined && { call })} onDone={() => setOpen(false)} />}
    >
      <Button aria-expanded={open}>{t(call === undefined ? 'radio.patch' : 'radio.patchCall')}</Button>
    </FormPopover>
  )
}

/** What the engine would refuse is seen before it is tried. */
function useMakesLoop(ends: readonly PatchEnd[]): boolean {
  const patches = useApp(({ radio }) => radio.radio.patches)
  const calls = useApp(({ telephony }) => telephony.calls)
  const channels = useApp(({ shared }) => shared.state.directory.channels)
  const conferences = Map.groupBy(
    calls.filter(({ conference }) => conference !== null),
    ({ conference }) => conference,
  )
  return makesLoop(
    patches.map((patch) => patch.ends),
    ends,
    {
      conferences: [...conferences.values()].map((all) => all.map(({ id }) => id)),
      mediumOf: (channel) => JSON.stringify(channels[channel]?.access ?? channel),
    },
  )
}

function PatchForm({ call, onDone }: { call?: string; onDone(): void }) {
  const { t } = useTranslation()
  const explain = useExplain()
  const channels = usePatchable()
  const calls = useApp(({ telephony }) => telephony.calls)
  const open = calls.filter(({ state }) => state === 'talking' || state === 'held')
  const [ends, setEnds] = useState<readonly PatchEnd[]>(call === undefined ? [] : [{ kind: 'call', call }])
  const [failure, setFailure] = useState<string>()
  const loops = useMakesLoop(ends)
  const has = (end: PatchEnd) => ends.some((other) => keyOfEnd(other) === keyOfEnd(end))
  const toggle = (end: PatchEnd) => {
    setFailure(undefined)
    setEnds(has(end) ? ends.filter((other) => keyOfEnd(other) !== keyOfEnd(end)) : [...ends, end])
  }
  const make = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await engine.radio.patch.mutate({ ends: [...ends] })
      onDone()
    } catch (error) {
      setFailure(explain(error))
    }
  }
  const choice = (end: PatchEnd) => (
    <li key={keyOfEnd(end)}>
      <Checkbox checked={has(end)} onChange={() => toggle(end)}>
        <EndName end={end} />
      </Checkbox>
    </li>
  )
  return (
    <form className={styles.popover} aria-label={t('radio.patch')} onSubmit={make}>
      <p>{t('radio.patchHint')}</p>
      <ul className={styles.rows}>
        {channels.map(({ id }) => choice({ kind: 'channel', channel: id }))}
        {open.map(({ id }) => choice({ kind: 'call', call: id }))}
      </ul>
      {loops && <Alert type="warning" title={t('refusals.patch-loop')} />}
      {failure !== undefined && <Alert type="error" role="alert" title={failure} />}
      <Button type="primary" htmlType="submit" disabled={ends.length < 2 || loops}>
        {t('radio.makePatch', { n: ends.length })}
      </Button>
    </form>
  )
}
