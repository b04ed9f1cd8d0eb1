/** The radio of the demonstration site: patrols that talk on its channels, and now and then one that calls for help. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Area } from '../contract/directory.ts'
import type { Id } from '../contract/primitives.ts'
import type { Channel, ChannelAccess } from '../contract/radio.ts'
import type { SiteDocument } from '../contract/site.ts'
import { type Chance, chanceFrom, untilNext } from './city/random.ts'
import { type Clips, readClips } from './exchange/clips.ts'
import { realTime, type Time, timersOn } from './exchange/time.ts'
import { bindEven } from './exchange/voice.ts'
import type { Crew } from './radio/conversation.ts'
import { openGateway } from './radio/gateway.ts'
import { openGroup } from './radio/group.ts'
import { type Air, keepTalking, type Patrols } from './radio/patrols.ts'

export interface CityRadio {
  /** Where the channels are that it runs. */
  readonly places: readonly { readonly channel: Id; readonly access: ChannelAccess }[]
  /** A radio of a channel calls for help. Resolves when it is over. Throws if it runs no such channel. */
  callForHelp(channel: Id, radio?: string): Promise<void>
  close(): Promise<void>
}

export interface CityRadioOptions {
  readonly seed: number
  /** Of the pauses; voices take the time that they take. Real if it is left out. */
  readonly time?: Time
}

const HOST = '127.0.0.1'
/** On a channel, from one conversation to the next, on average. */
const PAUSE_MS = 40_000
/** In the whole city. */
const HELP_MS = 12 * 60_000
const TRIES = 20

interface Running {
  readonly access: ChannelAccess
  readonly patrols: Patrols
  close(): void | Promise<void>
}

export async function openCityRadio(
  site: SiteDocument,
  resources: string,
  { seed, time = realTime }: CityRadioOptions,
): Promise<CityRadio> {
  const clips = await readClips(join(resources, 'lab-clips'))
  const chance = chanceFrom(seed)
  const running = new Map<Id, Running>()
  const close = async () => {
    timers.clearAll()
    for (const { patrols } of running.values()) patrols.stop()
    await Promise.all([...running.values()].map((channel) => channel.close()))
  }
  const timers = timersOn(time)
  const callForHelp = async (channel: Id, radio?: string) => {
    const found = running.get(channel)
    if (found === undefined) throw new Error(`no channel is called ${channel}`)
    await found.patrols.callForHelp(radio)
  }
  const waitForHelp = () =>
    timers.set('help', untilNext(HELP_MS, chance), () => {
      waitForHelp()
      // A gateway's radio can't say that it is in an emergency.
      const [first, ...others] = [...running].flatMap(([id, { access }]) =>
        access.kind === 'rtp' ? [id] : [],
      )
      if (first !== undefined) void callForHelp(chance.pick([first, ...others]))
    })
  try {
    for (const channel of site.channels) {
      const [first, ...others] = crewOf(channel, site)
      if (!channel.placed || first === undefined) continue
      const one = await run(channel.access, [first, ...others], clips, chance, time)
      if (one !== undefined) running.set(channel.id, one)
    }
  } catch (error) {
    await close()
    throw error
  }
  waitForHelp()
  return {
    places: [...running].map(([channel, { access }]) => ({ channel, access })),
    callForHelp,
    close,
  }
}

/** Nothing for what the lab has no radios for. */
async function run(
  access: ChannelAccess,
  crew: Crew,
  clips: Clips,
  chance: Chance,
  time: Time,
): Promise<Running | undefined> {
  const { promise: begun, resolve: begin } = Promise.withResolvers<Patrols>()
  const seatTalks = (talks: boolean) => void begun.then((patrols) => patrols.seatTalks(talks))
  const start = (air: Air): Patrols => {
    const patrols = keepTalking({ crew, air, chance, time, pauseMs: PAUSE_MS })
    begin(patrols)
    return patrols
  }
  if (access.kind === 'rtp') {
    const claim = await claimPorts()
    const placed = { ...access, port: claim.port, interface: HOST }
    const group = await openGroup({ access: placed, clips, chance, time: realTime, onSeat: seatTalks }).catch(
      (error: unknown) => {
        claim.release()
        throw error
      },
    )
    return {
      access: placed,
      patrols: start(group),
      close: () => {
        group.close()
        claim.release()
      },
    }
  }
  if (access.kind === 'sip') {
    const { user, keying } = access
    const gateway = await openGateway({ host: HOST, user, keying, seatTalks })
    const patrols = start({
      transmit: async ({ clip, weak }) => {
        const said = clips.get(clip)
        if (said !== undefined) await gateway.receive(said, weak ? WEAK : STRONG)
      },
    })
    return { access: { ...access, host: HOST, port: gateway.self.port }, patrols, close: gateway.close }
  }
  return undefined
}

/** Signal, 0 to 15. */
const [WEAK, STRONG] = [2, 12]

/** The radios that are on a channel: those of its agency in its area that are on duty. */
function crewOf({ agency, area }: Channel, { units, areas }: SiteDocument): string[] {
  return units
    .filter((unit) => unit.state !== 'off-duty')
    .filter((unit) => (agency === null || unit.agency === agency) && isWithin(unit.area, area, areas))
    .flatMap(({ terminals }) =>
      terminals.flatMap((terminal) => (terminal.kind === 'radio' ? [terminal.number] : [])),
    )
}

function isWithin(area: Id | null, outer: Id | null, areas: readonly Area[]): boolean {
  if (outer === null || area === outer) return true
  const parent = areas.find(({ id }) => id === area)?.parent ?? null
  return parent !== null && isWithin(parent, outer, areas)
}

/**
 * Two ports in a row that no other program on this machine has: groups are told apart by them, for every lab has the
 * same groups.
 */
async function claimPorts(): Promise<{ readonly port: number; release(): void }> {
  for (let tries = 0; tries < TRIES; tries++) {
    const even = await bindEven(HOST)
    const { port } = even.address()
    try {
      const odd = await bind(port + 1)
      return {
        port,
        release: () => {
          even.close()
          odd.close()
        },
      }
    } catch {
      // Somebody has the one above: elsewhere, then.
      even.close()
    }
  }
  throw new Error(`no two ports in a row are free on ${HOST}`)
}

async function bind(port: number): Promise<Socket> {
  const socket = createSocket('udp4').bind(port, HOST)
  await once(socket, 'listening')
  return socket
}
