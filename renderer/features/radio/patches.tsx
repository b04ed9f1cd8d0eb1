/** Channels and calls that are joined: since when, and one click to part them; and the form that joins more. */
import { Alert, Button, Checkbox } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { makesLoop } from '../../../contract/patch-rules.ts'
import type { Patch, PatchEnd, UndonePatch } from '../../../contract/seat-radio.ts'
import type { Call } from '../../../contract/telephony.ts'
import { engine } from '../../app/engine.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp, useSend } from '../../app/store.ts'
import { FormPopover } from '../../ui/form-popover.tsx'
import { useExplain } from '../../ui/refusal.ts'
import { Duration } from '../telephony/duration.tsx'
import { usePartyName } from '../telephony/party.tsx'
import styles from './panel-tools.module.css'
import { patchNoted } from './slice.ts'
import { usePatchable } from './use-may-patch.ts'
import { useRadio } from './use-radio.ts'

const keyOfEnd = (end: PatchEnd): string =>
  end.kind === 'channel' ? `channel/${end.channel}` : `call/${end.call}`

export function Patches() {
  const { t } = useTranslation()
  const { patches, undone } = useApp(({ radio }) => radio.radio)
  const noted = useApp(({ radio }) => radio.noted)
  const news = undone.filter(({ id }) => !noted.includes(id))
  if (patches.length + news.length === 0) return null
  return (
    <ul className={styles.patches} aria-label={t('radio.patches')}>
      {patches.map((patch) => (
        <PatchRow key={patch.id} patch={patch} />
      ))}
      {news.map((patch) => (
        <UndoneRow key={patch.id} patch={patch} />
      ))}
    </ul>
  )
}

function PatchRow({ patch: { id, ends, since } }: { patch: Patch }) {
  const { t } = useTranslation()
  const act = useRadio()
  return (
    <li data-patch={id}>
      <i aria-hidden="true">⇄</i>
      <EndNames ends={ends} />
      <Duration since={since} />
      <Button onClick={() => void act((radio) => radio.unpatch.mutate({ patch: id }))}>
        {t('radio.unpatch')}
      </Button>
    </li>
  )
}

/** It came to its end without the officer, who is to know. */
function UndoneRow({ patch: { id, ends, at, why } }: { patch: UndonePatch }) {
  const { t } = useTranslation()
  const send = useSend()
  return (
    <li data-undone={why} role="status">
      <i aria-hidden="true">✕</i>
      <EndNames ends={ends} />
      <span>
        {new Date(at).toLocaleTimeString('en-GB')} {t('radio.undone')}: {t(`radio.patchEndings.${why}`)}
      </span>
      <Button onClick={() => send(patchNoted(id))}>{t('outbox.dismiss')}</Button>
    </li>
  )
}

function EndNames({ ends }: { ends: readonly PatchEnd[] }) {
  return (
    <span className={styles.ends}>
      {ends.map((end) => (
        <EndName key={keyOfEnd(end)} end={end} />
      ))}
    </span>
  )
}

function EndName({ end }: { end: PatchEnd }) {
  const { t } = useTranslation()
  const channel = useApp(({ shared }) =>
    end.kind === 'channel' ? shared.state.directory.channels[end.channel] : undefined,
  )
  const call = useApp(({ telephony }) =>
    end.kind === 'call' ? telephony.calls.find(({ id }) => id === end.call) : undefined,
  )
  if (call !== undefined) return <CallName call={call} />
  if (end.kind === 'call') return <b>{t('radio.aCall')}</b>
  return <b>{channel === undefined ? end.channel : named(channel.name)}</b>
}

function CallName({ call }: { call: Call }) {
  const { name } = usePartyName(call)
  return <b>☎ {name}</b>
}

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
