/** Channels and calls that are joined: since when and by whom, and one click to part what was joined here. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ChannelPatch } from '../../../contract/floor-service.ts'
import type { Id } from '../../../contract/primitives.ts'
import type { Patch, PatchEnd, SeatChannel, UndonePatch } from '../../../contract/seat-radio.ts'
import type { Call } from '../../../contract/telephony.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp, useSend } from '../../app/store.ts'
import { Duration } from '../telephony/duration.tsx'
import { usePartyName } from '../telephony/party.tsx'
import styles from './panel-tools.module.css'
import { patchNoted } from './slice.ts'
import { useRadio } from './use-radio.ts'

export const keyOfEnd = (end: PatchEnd): string =>
  end.kind === 'channel' ? `channel/${end.channel}` : `call/${end.call}`

export function Patches() {
  const { t } = useTranslation()
  const { channels, patches, undone } = useApp(({ radio }) => radio.radio)
  const noted = useApp(({ radio }) => radio.noted)
  const news = undone.filter(({ id }) => !noted.includes(id))
  const others = othersPatches(channels)
  if (patches.length + news.length + others.length === 0) return null
  return (
    <ul className={styles.patches} aria-label={t('radio.patches')}>
      {patches.map((patch) => (
        <PatchRow key={patch.id} patch={patch} />
      ))}
      {others.map((patch) => (
        <OthersRow key={patch.patch.id} patch={patch} />
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

interface OthersPatch {
  readonly patch: ChannelPatch
  readonly channels: readonly Id[]
}

/** What other seats have joined, of the channels that are listened to here. */
function othersPatches(channels: readonly SeatChannel[]): readonly OthersPatch[] {
  const joined = channels.flatMap(({ id, patched }) => patched.map((patch) => ({ patch, channel: id })))
  return [...Map.groupBy(joined, ({ patch }) => patch.id).values()].flatMap((all) => {
    const [any] = all
    return any === undefined ? [] : [{ patch: any.patch, channels: all.map(({ channel }) => channel) }]
  })
}

function OthersRow({ patch: { patch, channels } }: { patch: OthersPatch }) {
  const { t } = useTranslation()
  const { by, since, ends } = patch
  const unseen = ends - channels.length
  return (
    <li data-others>
      <i aria-hidden="true">⇄</i>
      <EndNames ends={channels.map((channel) => ({ kind: 'channel', channel }))} />
      {unseen > 0 && <span>{t('radio.unseenEnds', { n: unseen })}</span>}
      <span>{t('radio.patchedBy', { by: named(by.name) })}</span>
      <Duration since={since} />
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

export function EndName({ end }: { end: PatchEnd }) {
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
