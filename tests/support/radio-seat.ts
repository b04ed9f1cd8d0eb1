/** The radio of a seat with channels that a test holds in its hand: no socket, no page, no hub. */
import type { Command } from '../../contract/commands.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import type { Channel, Talker, TransmissionRecord } from '../../contract/radio.ts'
import { freshRadio, type OfficersRadio } from '../../contract/radio-settings.ts'
import type { Refusal } from '../../contract/refusal.ts'
import type { RadioAct, SeatChannel } from '../../contract/seat-radio.ts'
import { defaultSettings } from '../../contract/settings.ts'
import type { WishInput } from '../../contract/shell.ts'
import { emptyState, type SharedState } from '../../contract/state.ts'
import { Watched } from '../../contract/watched.ts'
import { encode, FRAME_SAMPLES } from '../../main/engine/media/g711.ts'
import type { Leg, VoicePacket } from '../../main/engine/media/leg.ts'
import { Listeners } from '../../main/engine/media/listeners.ts'
import type { ChannelDriver, DriverOptions, DriverReport } from '../../main/engine/radio/drivers/driver.ts'
import type { PageLeg } from '../../main/engine/radio/ear.ts'
import type { FloorLink, FloorNotice } from '../../main/engine/radio/floor-link.ts'
import type { PatchableCalls } from '../../main/engine/radio/patch-bay.ts'
import { openSeatRadio, type SeatRadio, type SeatRadioOptions } from '../../main/engine/radio/seat-radio.ts'
import type { AtEnd } from './at-end.ts'
import { temporaryFolder } from './folder.ts'
import { sine } from './tone.ts'

export const OFFICER = 'north-officer'

/** At the edge of the drivers: what a channel is told, and a way to have it report and say things. */
interface TestDriver {
  readonly options: DriverOptions
  readonly deeds: string[]
  /** What went to the air. */
  readonly sent: VoicePacket[]
  /** Whether it says yes to a key at once; so unless told. */
  willing: boolean
  report(report: DriverReport): void
  hear(packet?: Partial<VoicePacket>): void
  act(act: RadioAct, radio: string): Promise<void>
}

interface TestPage {
  /** What the officer was given to hear. */
  readonly heard: VoicePacket[]
  readonly isOpen: () => boolean
  /** A packet of the microphone, which is always on. */
  speak(): void
}

/** The hub's end of the floor in a test's hand. */
interface TestFloor {
  readonly link: FloorLink
  readonly reachable: Watched<boolean>
  readonly told: (
    | { readonly kind: 'request'; readonly channel: Id; readonly turn: string; readonly emergency: boolean }
    | { readonly kind: 'release' | 'talking'; readonly channel: Id; readonly turn: string }
    | { readonly kind: 'heard'; readonly channel: Id; readonly talker: Talker | null }
  )[]
  notice(notice: FloorNotice): void
  /** The turn that was asked for last on the channel. */
  turn(channel: Id): string
}

export interface TestRadio {
  readonly radio: SeatRadio
  readonly floor: TestFloor
  readonly over: TransmissionRecord[]
  readonly settings: SeatRadioOptions['settings']
  /** What went out to the hub, and as whom. */
  readonly submitted: readonly (readonly [Id, Command])[]
  /** Of all that is submitted from now on. */
  refuse(refusal: Refusal): void
  readonly calls: TestCalls
  driver(channel: Id): TestDriver
  page(channel: Id): TestPage
  channel(channel: Id): SeatChannel | undefined
  use(change: Partial<OfficersRadio>): void
  sit(account: Id | null, state?: SharedState): void
  /** All that waits to be told has been told. */
  settled(): Promise<void>
}

/** At the edge of the telephone: calls that the officer is in. */
interface TestCalls {
  /** In one conversation each. */
  conferences: string[][]
  /** Tells that they are what they are now. */
  conferred(): void
  /** What was said into the call. */
  readonly heard: (call: string) => readonly VoicePacket[]
  /** 20 ms of the call: speech, or what a quiet line says. */
  speak(call: string, loud?: boolean): void
  end(call: string): void
}

export const testChannel = (id: Id, change: Partial<Channel> = {}): Channel => ({
  id,
  name: { zh: id, en: id },
  area: null,
  agency: null,
  access: { kind: 'rtp', address: '239.1.1.1', port: 5004, codec: 'PCMA' },
  placed: false,
  timeOutS: 30,
  hangMs: 0,
  queue: 4,
  ...change,
})

export const stateWith = (channels: readonly Channel[], capabilities = true): SharedState => ({
  ...emptyState,
  directory: {
    ...emptyState.directory,
    channels: Object.fromEntries(channels.map((channel) => [channel.id, channel])),
    units: {
      'patrol-7': {
        id: 'patrol-7',
        index: 0,
        name: { zh: '巡逻七号', en: 'Patrol 7' },
        kind: 'patrol',
        agency: 'police',
        area: 'north',
        state: 'available',
        terminals: [{ kind: 'radio', number: '4107' }],
      },
    },
  },
  access: {
    accounts: Object.fromEntries(
      [OFFICER, 'south-officer'].map((id) => [
        id,
        {
          id,
          name: { zh: id, en: id },
          role: capabilities ? 'shift-supervisor' : 'administrator',
          agency: null,
          scope: { kind: 'centre' },
          disabled: false,
        },
      ]),
    ),
    grants: {},
  },
})

export async function openTestRadio(
  atEnd: AtEnd,
  channels: readonly Channel[],
  {
    clock = Date.now,
    hub = true,
    folder = temporaryFolder(atEnd),
  }: { readonly clock?: () => Instant; readonly hub?: boolean; readonly folder?: string } = {},
): Promise<TestRadio> {
  const drivers = new Map<Id, TestDriver>()
  const pages = new Map<Id, TestPage>()
  const over: TransmissionRecord[] = []
  let password: string | null = null
  const submitted: [Id, Command][] = []
  const calls = testCalls()
  let refusal: Refusal | undefined
  const settings: SeatRadioOptions['settings'] = new Watched(defaultSettings)
  const floor = testFloor(hub)
  const radio = openSeatRadio({
    clock,
    settings,
    floor: floor.link,
    sound: {
      openLeg: (name) => {
        const { leg, page } = testPage()
        pages.set(name.replace('channel/', ''), page)
        return leg
      },
    },
    shell: {
      wish: async (name, input) => {
        if (name === 'channel-password.set') ({ password } = input as WishInput<'channel-password.set'>)
        return (name === 'channel-password.read' ? password : undefined) as never
      },
    },
    openDriver: async (access, options) => {
      const { driver, test } = testDriver(options)
      const site = [...channels].find((channel) => channel.access === access)
      drivers.set(site?.id ?? '', test)
      queueMicrotask(() => test.report({ kind: 'up' }))
      return driver
    },
    onOver: (_, record) => over.push(record),
    onAlarm: () => undefined,
    calls: calls.patchable,
    folder,
    submit: async (account, command) => {
      if (refusal !== undefined) throw refusal
      submitted.push([account, command])
    },
    onTrouble: (_, error) => {
      throw error
    },
  })
  atEnd(() => radio.close())
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
  const sit = (account: Id | null, state = stateWith(channels)) => radio.sit(account, state)
  sit(OFFICER)
  await settled()
  return {
    radio,
    floor,
    over,
    settings,
    submitted,
    refuse: (next) => {
      refusal = next
    },
    calls,
    driver: (channel) => found(drivers.get(channel)),
    page: (channel) => found(pages.get(channel)),
    channel: (id) => radio.state.value.channels.find((channel) => channel.id === id),
    use: (change) => settings.set({ ...settings.value, radio: { [OFFICER]: { ...freshRadio, ...change } } }),
    sit,
    settled,
  }
}

function testFloor(hub: boolean): TestFloor {
  const notices = new Listeners<FloorNotice>()
  const reachable = new Watched(hub)
  const told: TestFloor['told'] = []
  return {
    reachable,
    told,
    notice: (notice) => notices.tell(notice),
    turn: (channel) => {
      const asked = told.findLast((each) => each.kind === 'request' && each.channel === channel)
      return asked?.kind === 'request' ? asked.turn : ''
    },
    link: {
      reachable,
      request: (channel, turn, emergency) => told.push({ kind: 'request', channel, turn, emergency }),
      release: (channel, turn) => told.push({ kind: 'release', channel, turn }),
      talking: (channel, turn) => told.push({ kind: 'talking', channel, turn }),
      heard: (channel, talker) => told.push({ kind: 'heard', channel, talker }),
      recall: () => undefined,
      onNotice: (listener) => notices.add(listener),
    },
  }
}

function testCalls(): TestCalls & { readonly patchable: PatchableCalls } {
  const joined = new Map<string, { readonly leg: Leg; readonly heard: VoicePacket[]; over(): void }>()
  const conferred = new Listeners<void>()
  let sequence = 0
  const calls: TestCalls & { readonly patchable: PatchableCalls } = {
    conferences: [],
    conferred: () => conferred.tell(),
    heard: (call) => joined.get(call)?.heard ?? [],
    speak: (call, loud = true) => {
      const samples = sine(500, FRAME_SAMPLES, 0, loud ? 0.3 : 0.0005)
      joined.get(call)?.leg.send({ ...packetOf(++sequence), payload: encode('PCMU', samples) })
    },
    end: (call) => joined.get(call)?.over(),
    patchable: {
      joinIn: async (call, leg, over) => {
        const heard: VoicePacket[] = []
        const stop = leg.onVoice((packet) => heard.push(packet))
        joined.set(call, { leg, heard, over })
        return stop
      },
      conferences: () => calls.conferences,
      onConferences: (listener) => conferred.add(listener),
    },
  }
  return calls
}

function testPage(): { readonly leg: PageLeg; readonly page: TestPage } {
  const microphone = new Listeners<VoicePacket>()
  const heard: VoicePacket[] = []
  const leg: PageLeg = {
    open: false,
    send: (packet) => {
      heard.push(packet)
    },
    onVoice: (listener) => microphone.add(listener),
    close: () => undefined,
  }
  let sequence = 0
  const speak = () => {
    if (leg.open) microphone.tell(packetOf(++sequence))
  }
  return { leg, page: { heard, isOpen: () => leg.open, speak } }
}

function testDriver(options: DriverOptions): { readonly driver: ChannelDriver; readonly test: TestDriver } {
  const voice = new Listeners<VoicePacket>()
  let sequence = 0
  const test: TestDriver = {
    options,
    deeds: [],
    sent: [],
    willing: true,
    report: options.onReport,
    hear: (packet) => voice.tell({ ...packetOf(++sequence), ...packet }),
    act: async (act, radio) => {
      test.deeds.push(`${act} ${radio}`)
    },
  }
  const driver: ChannelDriver = {
    leg: { send: (packet) => test.sent.push(packet), onVoice: (listener) => voice.add(listener) },
    acts: ['check'],
    key: (emergency) => {
      test.deeds.push(emergency ? 'key for an emergency' : 'key')
      if (test.willing) options.onReport({ kind: 'keyed' })
    },
    unkey: () => {
      test.deeds.push('unkey')
    },
    act: test.act,
    close: async () => {
      test.deeds.push('close')
    },
  }
  return { driver, test }
}

const packetOf = (sequence: number): VoicePacket => ({
  codec: 'PCMU',
  marker: false,
  sequence,
  timestamp: sequence * FRAME_SAMPLES,
  ssrc: 7,
  payload: encode('PCMU', sine(1_000, FRAME_SAMPLES)),
})

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('no such channel is open')
  return value
}
