/** The engine, put together. Runs as a utility process of Electron's, and in plain Node. */
import { randomUUID } from 'node:crypto'
import type { TRPCClient } from '@trpc/client'
import type { Command } from '../../contract/commands.ts'
import type { EnginePort, Lamp, Session } from '../../contract/engine.ts'
import { FIELD_PATH, PASS_MARK } from '../../contract/field.ts'
import type { HubRouter } from '../../contract/hub.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import type { SeatSettings } from '../../contract/settings.ts'
import type { HubAddress } from '../../contract/shell.ts'
import { emptyState } from '../../contract/state.ts'
import { Watched } from '../../contract/watched.ts'
import { carryingWhenNeeded } from './carrying/when-needed.ts'
import type { Devices } from './hardware/device.ts'
import { systemDevices } from './hardware/devices.ts'
import { openHardware } from './hardware/hardware.ts'
import { type HubLink, openHubLink } from './hub-link/hub-link.ts'
import { openHubPresence } from './hub-link/presence.ts'
import { Ties } from './incidents/ties.ts'
import { soundWhenNeeded } from './media/sound-when-needed.ts'
import { openHubFloor } from './radio/hub-floor.ts'
import { radioLamp } from './radio/lamp.ts'
import { radioWhenNeeded } from './radio/when-needed.ts'
import type { ShellLink } from './shell-link.ts'
import { openSupervision } from './supervision/supervision.ts'
import { conferencesOf } from './telephony/conferences.ts'
import { exchangeLamp } from './telephony/lamp.ts'
import { telephoneWhenNeeded } from './telephony/when-needed.ts'
import { openHubVideo } from './video/hub-video.ts'

export interface Engine {
  readonly port: EnginePort
  use(hub: HubAddress): void
  hubFailed(why: string): void
  takeSettings(settings: SeatSettings): void
  close(): Promise<void>
}

export interface EngineOptions {
  readonly shell: ShellLink
  /** Where the engine keeps its own files. */
  readonly folder: string
  readonly settings: SeatSettings
  readonly ticket: string | null
  readonly clock?: () => Instant
  /** What foot switches and keys are on; the system's if not given. */
  readonly devices?: Devices
  onTrouble(what: string, error: unknown): void
}

export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { shell, folder, onTrouble, clock = Date.now } = options
  const settings = new Watched(options.settings)
  const tellMain = (what: string, telling: Promise<void>) =>
    void telling.catch((error) => onTrouble(what, error))
  let basemaps: unknown
  const sound = soundWhenNeeded(onTrouble)
  const ties = new Ties()
  const telephone = telephoneWhenNeeded({
    clock,
    folder,
    shell,
    sound,
    settings,
    submit: (command, account) => hub.submit(ties.tied(command), account),
    claim: (command) =>
      hub.ask((client, signal) => client.submit.mutate({ key: randomUUID(), command }, { signal })),
    onTrouble,
  })
  const floor = openHubFloor(onTrouble)
  const note = (account: Id, command: Command) =>
    void hub
      .submit(ties.tied(command), account)
      .catch((error) => onTrouble('noting what was on the radio', error))
  const radio = radioWhenNeeded({
    clock,
    shell,
    sound,
    settings,
    floor,
    onOver: (account, transmission) => note(account, { kind: 'transmission.record', transmission }),
    onAlarm: (account, channel, { radio: own }) =>
      note(account, { kind: 'alarm.raise', alarm: { id: randomUUID(), channel, radio: own, at: clock() } }),
    calls: {
      joinIn: (call, leg, onCallOver) => telephone.joinIn(call, leg, onCallOver),
      conferences: () => conferencesOf(telephone.state.value.calls),
      onConferences: (listener) => telephone.state.onChange(listener),
    },
    folder,
    submit: (account, command) => hub.submit(command, account),
    onTrouble,
  })
  const hardware = openHardware({
    devices: options.devices ?? systemDevices({ onTrouble }),
    clock,
    press: (what) => {
      const held = new AbortController()
      const channels = what.kind === 'channel' ? [what.channel] : null
      holdDown(radio.port.talk({ channels, emergency: false }, held.signal)).catch((error) =>
        onTrouble('a key that was pressed', error),
      )
      return () => held.abort()
    },
  })
  hardware.use(settings.value.pushToTalk.hardware)
  settings.onChange(({ pushToTalk }) => hardware.use(pushToTalk.hardware))
  const hubHost = () => {
    const { value } = hub.greeting
    return value.kind === 'waiting' ? '' : (URL.parse(value.address)?.hostname ?? '')
  }
  const supervision = openSupervision({
    clock,
    telephone,
    hubHost,
    onTrouble,
  })
  const video = openHubVideo({ hubHost, onTrouble })
  const histories = openHubPresence<Pick<TRPCClient<HubRouter>, 'incidents'>>(hubHost)
  const carrying = carryingWhenNeeded({
    hubHost,
    hub: video.carrying,
    joinIn: (call, leg, onOver) => telephone.joinIn(call, leg, onOver),
    findCall: (id) => telephone.state.value.calls.find((call) => call.id === id),
    lend: (channel, onGone) => radio.lend(channel, onGone),
    onTransmitting: (channel, listener) => {
      const look = () =>
        radio.state.value.channels.find(({ id }) => id === channel)?.transmission.state === 'talking'
      let was = look()
      return radio.state.onChange(() => {
        const is = look()
        if (is === was) return
        was = is
        listener(is)
      })
    },
    onTrouble,
  })
  const hub: HubLink = await openHubLink({
    folder,
    clock,
    ticket: options.ticket,
    onTrouble,
    onState: (state) => {
      const { site } = state
      ties.follow(state)
      void telephone.sit(accountOf(hub.session.value), state)
      void radio.sit(accountOf(hub.session.value), state)
      if (site === null || site.basemaps === basemaps) return
      basemaps = site.basemaps
      tellMain('the site’s basemaps', shell.wish('basemaps.use', site.basemaps))
    },
    onLeaving: async () => {
      await Promise.all([telephone.sit(null, emptyState), radio.sit(null, emptyState)])
    },
    onUp: (client) => {
      const leave = [
        supervision.attend(client),
        floor.attend(client),
        video.attend(client),
        histories.attend(client),
      ]
      return () => {
        for (const each of leave) each()
      }
    },
    keepTicket: (ticket) => tellMain('the ticket', shell.wish('ticket.keep', ticket)),
    keepAwake: (wakefulness) => tellMain('keeping awake', shell.wish('awake.keep', wakefulness)),
  })

  const link = new Watched(hub.link.value)
  let channels: Lamp | undefined
  const shine = () => {
    const exchange = exchangeLamp(telephone.state.value.lines)
    const { lamps, ...rest } = hub.link.value
    link.set({ ...rest, lamps: [exchange ?? [], channels ?? [], lamps].flat() })
  }
  hub.link.onChange(shine)
  telephone.state.onChange((next) => {
    ties.look(next)
    shine()
  })
  radio.state.onChange((next) => {
    floor.hold(next.patches)
    const lamp = radioLamp(next.channels)
    // Every talk-spurt changes the radio, and few change its lamp.
    if (lamp?.state === channels?.state && lamp?.since === channels?.since) return
    channels = lamp
    shine()
  })
  hub.session.onChange(({ kind }) => {
    if (kind !== 'signed-out') return
    ties.select(null)
    void carrying.stopCarrying()
    void telephone.sit(null, emptyState)
    void radio.sit(null, emptyState)
    supervision.reset()
  })

  const port: EnginePort = {
    watchHub: (signal) => hub.greeting.watch(signal),
    watchSession: (signal) => hub.session.watch(signal),
    watchLink: (signal) => link.watch(signal),
    signIn: (credentials) => hub.signIn(credentials),
    signOut: () => hub.signOut(),
    changePassword: (change) => hub.ask((client, signal) => client.changePassword.mutate(change, { signal })),
    watchState: (signal) => hub.watchState(signal),
    submit: (command) => hub.submit(ties.tied(command)),
    dismissLapse: async (id) => hub.dismissLapse(id),
    startPositions: (sink) => hub.joinPositions(sink),
    positionOf: (unit) => hub.ask((client, signal) => client.positionOf.query({ unit }, { signal })),
    track: (query) => hub.ask((client, signal) => client.track.query(query, { signal })),
    calls: (query) => hub.ask((client, signal) => client.calls.query(query, { signal })),
    messages: (query) => hub.ask((client, signal) => client.messages.query(query, { signal })),
    transmissions: (query) => hub.ask((client, signal) => client.transmissions.query(query, { signal })),
    inviteToField: async (unit) => {
      const { code, until } = await hub.ask((client, signal) =>
        client.field.givePass.mutate({ unit }, { signal }),
      )
      const { value } = hub.greeting
      return { url: fieldUrl(value.kind === 'waiting' ? '' : value.address, code), until }
    },
    watchSettings: (signal) => settings.watch(signal),
    changeSettings: (change) => shell.wish('settings.change', change),
    keepLayout: (account, layout) => shell.wish('layout.keep', { account, layout }),
    addMapFile: () => shell.wish('map-file.add', undefined),
    removeMapFile: (basemap) => shell.wish('map-file.remove', { basemap }),
    setTileKey: (key, secret) => shell.wish('tile-key.set', { key, secret }),
    sound: sound.port,
    radio: radio.port,
    hardware: hardware.port,
    telephone: telephone.port,
    supervision: supervision.port,
    video: { ...video.port, rooms: { ...video.port.rooms, ...carrying } },
    attachments: {
      put: (part) => hub.ask((client, signal) => client.attachments.put.mutate(part, { signal })),
      get: (asked) => hub.ask((client, signal) => client.attachments.get.query(asked, { signal })),
    },
    screens: {
      list: () => shell.wish('screens.list', undefined),
      choose: (id) => shell.wish('screens.choose', { id }),
    },
    incidents: {
      watchSelected: (signal) => ties.selected.watch(signal),
      select: (incident) => ties.select(incident),
      timeline: (query) => hub.ask((client, signal) => client.incidents.timeline.query(query, { signal })),
      watchTimeline: (incident, signal) =>
        histories.relay(
          (client, ears) => client.incidents.watchTimeline.subscribe({ incident }, ears),
          signal,
        ),
      filed: (query) => hub.ask((client, signal) => client.incidents.filed.query(query, { signal })),
      guests: (incident) =>
        hub.ask((client, signal) => client.incidents.guests.query({ incident }, { signal })),
      export: (query) => hub.ask((client, signal) => client.incidents.export.mutate(query, { signal })),
    },
  }

  return {
    port,
    use: (address) => hub.use(address),
    hubFailed: (why) => hub.failed(why),
    takeSettings: (next) => settings.set(next),
    close: async () => {
      supervision.close()
      hardware.close()
      await radio.close()
      await telephone.close()
      await sound.close()
      await hub.close()
    },
  }
}

/** Down until the stream ends; what comes of it the radio itself tells. */
async function holdDown(talking: AsyncIterable<void>): Promise<void> {
  for await (const _ of talking);
}

const accountOf = (session: Session): Id | null => (session.kind === 'signed-in' ? session.account.id : null)

/** The field's page of the hub at this address, ws://host:port/seat. */
const fieldUrl = (hub: string, code: string): string =>
  new URL(`${FIELD_PATH}/${PASS_MARK}${code}`, hub.replace(/^ws/, 'http')).href
