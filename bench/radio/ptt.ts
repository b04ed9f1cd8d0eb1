/** Push-to-talk: from the key to the first packet on the wire, and to another officer's ear. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { SAMPLE_RATE } from '../../main/engine/media/g711.ts'
import { parseSourceNews } from '../../main/engine/media/rtcp.ts'
import { parseRtp } from '../../main/engine/media/rtp.ts'
import type { AtEnd } from '../../tests/support/at-end.ts'
import { startTestHub } from '../../tests/support/hub.ts'
import { type Pulse, startPulse } from '../../tests/support/pulse.ts'
import { ownGroup, type RtpAccess } from '../../tests/support/radio-group.ts'
import { smallCityWith } from '../../tests/support/site.ts'
import { until } from '../../tests/support/until.ts'
import { type Bench, Collector, percentile } from '../bench.ts'
import { now } from '../caller-path.ts'
import { openBenchBrowser } from '../voice/browser.ts'
import { type BenchConsole, openBenchConsole } from './console.ts'
import { type Mumble, startMumble } from './mumble.ts'
import { openSoundEar, type SoundEar } from './sound-ear.ts'

const CHANNEL = 'tactical'
const REPEATS = 5
const PRESSES = 6
const SETTLE_MS = 3_000
/** How long each press talks, and how long it is quiet after it: the squelch has closed, and the ear is silent. */
const TALK_MS = 400
const QUIET_MS = 700
/** What the microphone hears: longer than the benchmark takes. */
const SPEECH_S = 400
const SWEEP_S = 0.15
const LOUD = 12_000

export const ptt: Bench = {
  name: 'ptt',
  about:
    'from the key at a seat to the first packet on the wire, with the hub’s floor and without, and to the headphones of another seat; two clients of Mumble on its server beside it',
  takes: 'about three minutes',
  targets: {
    keyToWireFloorP95Ms: { max: 50 },
    pushToEarP95Ms: { max: 200 },
    ratio: { max: 1 },
    killedToSilentMs: { max: 200 },
  },
  run: async (say) => {
    const collector = new Collector()
    const peer = new Collector()
    const ends: (() => unknown)[] = []
    const atEnd: AtEnd = (end) => void ends.push(end)
    try {
      const access = ownGroup()
      const wire = await openWire(ends, access)
      const hub = await startTestHub(atEnd, {
        site: smallCityWith({ channels: [{ id: CHANNEL, name: 'Tactical', access }] }),
      })
      const sounds = { talker: await startPulse(atEnd), listener: await startPulse(atEnd) }
      await sounds.talker.plugIn('mouth')
      await sounds.talker.plugInMicrophone('microphone', 'mouth')
      sounds.talker.play('mouth', sweeps())
      await sounds.listener.plugIn('ear')
      // Nobody is let hear it, but a page wants one.
      await sounds.listener.plugInMicrophone('microphone', 'ear')
      const ear = openSoundEar(atEnd, sounds.listener.server, 'ear')
      const seat = { hub: hub.url, channels: 1, speech: 'microphone' as const }
      const open = async (account: string, sound: Pulse) =>
        openBenchConsole(ends, await openBenchBrowser(ends, sound.server), { ...seat, account })
      const talker = await open('north-officer', sounds.talker)
      await open('supervisor', sounds.listener)
      const mumble = await startMumble(atEnd, {
        talker: sounds.talker.server,
        listener: sounds.listener.server,
      })
      await passed(SETTLE_MS)

      for (let repeat = 0; repeat < REPEATS; repeat++) {
        const { toWire, toEar } = await presses(talker, wire, ear)
        const theirs = percentile(await mumblePresses(mumble, ear), 0.95)
        const ours = percentile(toEar, 0.95)
        const figures = { keyToWireFloorP95Ms: percentile(toWire, 0.95), pushToEarP95Ms: ours }
        collector.add({ ...figures, ratio: ours / theirs })
        peer.add({ pushToEarP95Ms: theirs })
        say(`${told(figures)}; Mumble ${theirs.toFixed(1)}`)
      }
      await hub.close()
      await until(() => {
        if (talker.channels()[0]?.floor !== 'channel') throw new Error('the hub still keeps the floor')
      })
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        const { toWire } = await presses(talker, wire)
        const figures = { keyToWireP95Ms: percentile(toWire, 0.95) }
        collector.add(figures)
        say(told(figures))
      }
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        const figures = { killedToSilentMs: await killed(talker, wire) }
        collector.add(figures)
        say(told(figures))
      }
      return { figures: collector.samples, peer: peer.samples }
    } finally {
      for (const end of ends.reverse()) await end()
    }
  },
}

/** Loud without a pause, and never the same for long: what is steady is taken for noise. 8,000 samples a second. */
function sweeps(): Int16Array {
  const each = SWEEP_S * SAMPLE_RATE
  return Int16Array.from({ length: SPEECH_S * SAMPLE_RATE }, (_, at) => {
    const time = (at % each) / SAMPLE_RATE
    // From 300 to 3,000 Hz: the phase is the integral of the frequency.
    const phase = 2 * Math.PI * (300 * time + (2_700 * time * time) / (2 * SWEEP_S))
    return Math.round(LOUD * Math.sin(phase))
  })
}

/** Each press's way to the wire and to the ear, ms. */
async function presses(talker: BenchConsole, wire: Wire, ear?: SoundEar) {
  const [toWire, toEar]: [number[], number[]] = [[], []]
  for (let press = 0; press < PRESSES; press++) {
    const first = wire.nextVoice()
    ear?.take()
    const at = now()
    talker.order({ kind: 'press', channel: CHANNEL })
    toWire.push((await first) - at)
    await passed(TALK_MS)
    talker.order({ kind: 'release' })
    await passed(QUIET_MS)
    if (ear !== undefined) toEar.push(heardAfter(at, ear))
  }
  return { toWire, toEar }
}

/** Each press's way to the ear, ms. */
async function mumblePresses(mumble: Mumble, ear: SoundEar): Promise<number[]> {
  const toEar: number[] = []
  for (let press = 0; press < PRESSES; press++) {
    ear.take()
    const at = now()
    await mumble.press()
    await passed(TALK_MS)
    await mumble.release()
    await passed(QUIET_MS)
    toEar.push(heardAfter(at, ear))
  }
  return toEar
}

function heardAfter(at: number, ear: SoundEar): number {
  const heard = ear.take().find((each) => each >= at)
  if (heard === undefined) throw new Error('nothing was heard')
  return heard - at
}

/** From the end of the page to the end of the transmission, ms. */
async function killed(talker: BenchConsole, wire: Wire): Promise<number> {
  const keyed = wire.nextName()
  talker.order({ kind: 'press', channel: CHANNEL })
  await keyed
  const silent = wire.nextFarewell()
  const at = now()
  talker.order({ kind: 'replace-page' })
  return (await silent) - at
}

interface Wire {
  /** When the next packet of voice goes over it, after those of before, ms since 1970. */
  nextVoice(): Promise<number>
  /** Of whoever has keyed the channel. */
  nextName(): Promise<number>
  nextFarewell(): Promise<number>
}

async function openWire(
  ends: (() => unknown)[],
  { address, port, interface: card }: RtpAccess,
): Promise<Wire> {
  const open = async (at: number) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: true }).bind(at, address)
    ends.push(() => socket.close())
    await once(socket, 'listening')
    socket.addMembership(address, card)
    return socket
  }
  const [voice, names] = [await open(port), await open(port + 1)]
  let onVoice: (at: number) => void = () => undefined
  let onName: (at: number) => void = () => undefined
  let onFarewell: (at: number) => void = () => undefined
  voice.on('message', (bytes) => {
    if (parseRtp(bytes) !== undefined) onVoice(now())
  })
  names.on('message', (bytes) => {
    if (parseSourceNews(bytes).gone.length > 0) onFarewell(now())
    else onName(now())
  })
  return {
    nextVoice: () =>
      new Promise((resolve) => {
        onVoice = resolve
      }),
    nextName: () =>
      new Promise((resolve) => {
        onName = resolve
      }),
    nextFarewell: () =>
      new Promise((resolve) => {
        onFarewell = resolve
      }),
  }
}

const told = (figures: Readonly<Record<string, number>>): string =>
  Object.entries(figures)
    .map(([name, value]) => `${name} ${value.toFixed(1)}`)
    .join(', ')

const passed = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
