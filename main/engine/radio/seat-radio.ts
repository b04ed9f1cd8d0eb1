/** The radio of a seat put together: the channels that whoever sits here listens to, and their keys. */
import { setInterval } from 'node:timers/promises'
import { grantsOf } from '../../../contract/accounts.ts'
import type { Command } from '../../../contract/commands.ts'
import { emptyDirectory } from '../../../contract/directory.ts'
import type { Id, Instant } from '../../../contract/primitives.ts'
import type { Channel, Talker, TransmissionRecord } from '../../../contract/radio.ts'
import { mayOnChannel, unitWithRadio } from '../../../contract/radio-rules.ts'
import { radioOf } from '../../../contract/radio-settings.ts'
import { Refusal } from '../../../contract/refusal.ts'
import {
  type ChannelLevels,
  noRadio,
  type Radio,
  type RadioPort,
  type Talk,
} from '../../../contract/seat-radio.ts'
import type { SeatSettings } from '../../../contract/settings.ts'
import { emptyState, type SharedState } from '../../../contract/state.ts'
import { Watched } from '../../../contract/watched.ts'
import type { ShellLink } from '../shell-link.ts'
import { RadioChannel } from './channel.ts'
import { openDriver } from './drivers/open-driver.ts'
import type { PageLeg } from './ear.ts'
import type { FloorLink } from './floor-link.ts'
import type { Key } from './own-transmission.ts'
import { type PatchableCalls, PatchBay } from './patch-bay.ts'
import type { OpenPatchEnd } from './patch-end.ts'
import { channelEnd } from './patch-ends.ts'
import { openPatchJournal } from './patch-journal.ts'
import { Scanner } from './scanner.ts'

const LEVELS_EVERY_MS = 150

export interface SeatRadioOptions {
  readonly clock: () => Instant
  readonly sound: { openLeg(name: string): PageLeg }
  readonly shell: ShellLink
  readonly settings: Watched<SeatSettings>
  readonly floor: FloorLink
  readonly openDriver?: typeof openDriver
  /** A transmission is over; `account`: who sat here. */
  onOver(account: Id, record: TransmissionRecord): void
  onAlarm(account: Id, channel: Id, talker: Talker): void
  readonly calls: PatchableCalls
  /** Where the engine keeps its own files. */
  readonly folder: string
  submit(account: Id, command: Command): Promise<unknown>
  onTrouble(what: string, error: unknown): void
}

export type LentChannel = Pick<OpenPatchEnd, 'onVoice' | 'open' | 'close'>

export interface SeatRadio {
  readonly port: RadioPort
  readonly state: Watched<Radio>
  /**
   * Presses a key on these channels, or on those that are selected. Throws a `Refusal` if there is none of them;
   * whatever else comes of it is in the state.
   */
  press(what: Talk): Key
  /**
   * The channel for a room: heard, and keyed when the room is to be heard there. Throws a `Refusal` if it is not there;
   * `onGone`: it is not any more.
   */
  lend(channel: Id, onGone: () => void): LentChannel
  /** Who sits here, and what is known of the site. Null: nobody; nothing is heard and nothing goes out any more. */
  sit(account: Id | null, state: SharedState): void
  close(): Promise<void>
}

export function openSeatRadio(options: SeatRadioOptions): SeatRadio {
  const { clock, sound, shell, settings, floor, onTrouble } = options
  const state = new Watched<Radio>(noRadio)
  const channels = new Map<Id, RadioChannel>()
  const scanner = new Scanner(channels, clock)
  const ownSources = new Set<number>()
  let seated: { readonly account: Id; readonly shared: SharedState } | undefined
  /** What the channels are lent for. */
  const lent = new Map<RadioChannel, Set<() => void>>()
  let telling = false

  const own = () => radioOf(settings.value.radio, seated?.account ?? null)
  const tell = () => {
    // Much happens at once; it is told once.
    if (telling) return
    telling = true
    queueMicrotask(() => {
      telling = false
      scanner.look()
      const { patches, undone } = bay
      state.set({ channels: [...channels.values()].map(({ shown }) => shown), patches, undone })
    })
  }
  const may = (capability: 'view' | 'key-radio' | 'patch', channel: Channel) => {
    const { access, directory } = seated?.shared ?? emptyState
    const account = seated && access.accounts[seated.account]
    return (
      account !== undefined &&
      mayOnChannel(grantsOf(access, account), capability, directory, channel, clock())
    )
  }
  const monitored = (): Channel[] => {
    const { unmonitored } = own()
    const known = Object.values((seated?.shared.directory ?? emptyDirectory).channels)
    return known.filter((channel) => !unmonitored.includes(channel.id) && may('view', channel))
  }

  const journal = openPatchJournal({
    ...options,
    onLost: (account, undone) => bay.lost(account, undone),
  })
  const bay = new PatchBay({
    clock,
    channels,
    calls: options.calls,
    mayPatch: ({ site }) => may('patch', site),
    onMade: (patch) => {
      if (seated !== undefined) journal.made(seated.account, patch)
    },
    onUndone: (patch, why) => {
      if (seated !== undefined) journal.undone(seated.account, patch, why)
    },
    onChange: tell,
  })

  const open = (site: Channel, account: Id): RadioChannel =>
    new RadioChannel(site, {
      clock,
      floor,
      account,
      openDriver: options.openDriver ?? openDriver,
      driverOptions: {
        name: account,
        callsign: seated?.shared.access.accounts[account]?.callsign ?? null,
        ownSources,
      },
      readPassword: (channel) => shell.wish('channel-password.read', { channel }),
      openPageLeg: (channel) => sound.openLeg(`channel/${channel}`),
      mayKey: () => may('key-radio', channels.get(site.id)?.site ?? site),
      unitOf: (radio) => unitWithRadio(seated?.shared.directory ?? emptyDirectory, radio),
      onOver: (record) => options.onOver(account, record),
      onAlarm: (channel, talker) => options.onAlarm(account, channel, talker),
      onChange: tell,
      onTrouble,
    })
  const shut = (channel: RadioChannel) => {
    channels.delete(channel.site.id)
    for (const gone of lent.get(channel) ?? []) gone()
    lent.delete(channel)
    channel.close().catch((error) => onTrouble(`closing channel ${channel.site.id}`, error))
  }

  const settle = () => {
    const wanted = seated === undefined ? [] : monitored()
    for (const channel of [...channels.values()]) {
      const site = wanted.find(({ id }) => id === channel.site.id)
      if (site === undefined || !sameAccess(site, channel.site)) shut(channel)
      else channel.describe(site)
    }
    const before = new Map(channels)
    channels.clear()
    // In the site's order.
    for (const site of wanted)
      if (seated !== undefined) channels.set(site.id, before.get(site.id) ?? open(site, seated.account))
    for (const id of channels.keys()) if (!before.has(id)) floor.recall(id)
    for (const channel of channels.values()) channel.settle()
    bay.look()
    scanner.use(own())
    tell()
  }

  const stopSettings = settings.onChange(settle)
  const stopFloor = floor.onNotice((notice) => channels.get(notice.channel)?.noticed(notice))
  const stopReachable = floor.reachable.onChange((reachable) => {
    for (const channel of channels.values()) channel.floorReachable(reachable)
  })

  const find = (id: Id): RadioChannel => {
    const channel = channels.get(id)
    if (channel === undefined) throw new Refusal('no-channel')
    return channel
  }
  /** Rejects with a `Refusal` where the hub says no: what may not be done is not done. */
  const ask = async (command: Command) => {
    if (seated === undefined) throw new Refusal('not-signed-in')
    await options.submit(seated.account, command)
  }
  const press = ({ channels: asked, emergency }: Talk): Key => {
    const meant = (asked ?? own().selected).flatMap((id) => channels.get(id) ?? [])
    if (meant.length === 0) throw new Refusal('no-channel')
    const keys = [...new Set(meant)].map((channel) => channel.press('person', emergency))
    return {
      up: () => {
        for (const key of keys.splice(0)) key.up()
      },
      lost: () => {
        for (const key of keys.splice(0)) key.lost()
      },
    }
  }

  return {
    state,
    press,
    lend: (id, onGone) => {
      const channel = find(id)
      const end = channelEnd(channel, () => performance.now(), 'room')
      const goners = lent.get(channel) ?? new Set()
      lent.set(channel, goners.add(onGone))
      return {
        onVoice: end.onVoice,
        open: end.open,
        close: () => {
          goners.delete(onGone)
          end.close()
        },
      }
    },
    port: {
      watch: (signal) => state.watch(signal),
      talk: async function* (what, signal) {
        const key = press(what)
        try {
          yield
          await aborted(signal)
        } finally {
          key.up()
        }
      },
      watchLevels: (signal) => levelsOf(channels, signal),
      sendTone: async (channel, tone) => {
        const found = find(channel)
        await ask({ kind: 'alert-tone.send', channel, tone })
        await found.sendTone(tone)
      },
      patch: (ends) => bay.patch(ends),
      unpatch: async (patch) => bay.unpatch(patch),
      act: async (channel, act, radio, reason) => {
        const found = find(channel)
        await ask({ kind: 'radio-act.do', channel, act, radio, reason })
        await found.act(act, radio)
      },
      setChannelPassword: async (channel, password) => {
        await shell.wish('channel-password.set', { channel, password })
        const opened = channels.get(channel)
        if (opened !== undefined) shut(opened)
        settle()
      },
    },
    sit: (account, shared) => {
      // What one officer has begun to say is not the next one's.
      if (account !== seated?.account) {
        bay.clear(account)
        for (const channel of [...channels.values()]) shut(channel)
      }
      seated = account === null ? undefined : { account, shared }
      settle()
    },
    close: async () => {
      stopSettings()
      stopFloor()
      stopReachable()
      scanner.close()
      bay.close()
      seated = undefined
      await Promise.all([journal.close(), ...[...channels.values()].map((channel) => channel.close())])
      channels.clear()
    },
  }
}

/** A key in another place of the site's description is the same channel. */
const sameAccess = ({ access }: Channel, { access: other }: Channel): boolean =>
  access === other || JSON.stringify(access) === JSON.stringify(other)

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Each is told how loud it has been since the last time: one page looks. */
async function* levelsOf(
  channels: ReadonlyMap<Id, RadioChannel>,
  signal: AbortSignal,
): AsyncGenerator<ChannelLevels> {
  try {
    for await (const _ of setInterval(LEVELS_EVERY_MS, undefined, { signal }))
      yield Object.fromEntries([...channels].map(([id, channel]) => [id, channel.level()]))
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
