import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openEar, openWideEar, soundOf } from '../../../tests/support/ear.ts'
import { loudness, shareOf, sine } from '../../../tests/support/tone.ts'
import { Bridge } from './bridge.ts'
import { type Codec, frameUnits, LINEAR_FRAME, LINEAR_RATE } from './codec.ts'
import { codecs } from './codecs.ts'
import type { Leg, VoicePacket } from './leg.ts'
import { LevelMeter } from './level-meter.ts'
import { Listeners } from './listeners.ts'
import { PlayerLeg } from './player-leg.ts'
import { tone } from './tones.ts'

const FRAME = 160

/** A leg whose far side says one frequency, a packet each 20 ms, and keeps what it is told. */
class Talker implements Leg {
  readonly #voice = new Listeners<VoicePacket>()
  readonly #timer: NodeJS.Timeout
  readonly #ears = { narrow: openEar(), wide: openWideEar() }
  readonly frequency: number
  told: VoicePacket[] = []
  /** What that says, 8,000 and 16,000 samples a second. */
  #heard = { narrow: [] as Int16Array[], wide: [] as Int16Array[] }

  constructor(frequency: number, codec: Codec = 'PCMU', amplitude = 0.1) {
    this.frequency = frequency
    const encoder = codecs[codec].encoder()
    let at = 0
    this.#timer = setInterval(() => {
      const frame = sine(frequency, LINEAR_FRAME, at * LINEAR_FRAME, amplitude, LINEAR_RATE)
      this.#voice.tell({
        codec,
        marker: false,
        sequence: at,
        timestamp: at * frameUnits(codec),
        ssrc: frequency,
        payload: encoder.encode(frame) ?? new Uint8Array(),
      })
      at++
    }, 20)
  }

  send(packet: VoicePacket): void {
    this.told.push(packet)
    for (const band of ['narrow', 'wide'] as const) this.#heard[band].push(this.#ears[band](packet))
  }

  onVoice(listener: (packet: VoicePacket) => void): () => void {
    return this.#voice.add(listener)
  }

  /** What it was told in the next half second. */
  async listen(band: 'narrow' | 'wide' = 'narrow'): Promise<Int16Array> {
    this.told = []
    this.#heard = { narrow: [], wide: [] }
    await vi.advanceTimersByTimeAsync(500)
    return Int16Array.from(this.#heard[band].flatMap((frame) => [...frame]))
  }

  hush(): void {
    clearInterval(this.#timer)
  }
}

/** Long enough for what waits in the mixer to come out. */
const settled = () => vi.advanceTimersByTimeAsync(200)

describe('a bridge', () => {
  beforeAll(() => import('libopus-wasm'))
  beforeEach(
    () =>
      void vi.useFakeTimers({
        toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
      }),
  )
  afterEach(() => void vi.useRealTimers())

  it('passes the packets of two as they are', async () => {
    const bridge = new Bridge()
    const [a, b] = [new Talker(500), new Talker(900, 'PCMA')]
    bridge.add(a)
    bridge.add(b)
    expect(shareOf(900, await a.listen())).toBeGreaterThan(0.99)
    expect(a.told[3]).toMatchObject({ codec: 'PCMA', ssrc: 900 })
    expect(shareOf(500, await b.listen())).toBeGreaterThan(0.99)
  })

  it('lets each of thirty hear all but itself, and nobody else', async () => {
    const bridge = new Bridge()
    // Whole numbers of waves in the half second that is listened to.
    const talkers = Array.from({ length: 30 }, (_, at) => new Talker(300 + at * 100, 'PCMA', 0.02))
    for (const talker of talkers) bridge.add(talker)
    await settled()
    for (const talker of [talkers[0], talkers[29]]) {
      const heard = (await talker?.listen()) ?? new Int16Array()
      expect(heard.length).toBeGreaterThanOrEqual(24 * FRAME)
      expect(loudness(heard)).toBeCloseTo((0.02 * Math.sqrt(29)) / Math.SQRT2, 2)
      for (const { frequency } of talkers) {
        const share = shareOf(frequency, heard)
        if (frequency === talker?.frequency) expect(share).toBeLessThan(0.004)
        else expect(share).toBeGreaterThan(0.02)
      }
    }
  })

  it('lets each hear all but itself, whatever codecs they have', async () => {
    const bridge = new Bridge()
    const talkers = (['PCMU', 'PCMA', 'G722', 'opus', 'linear'] as const).map(
      (codec, at) => new Talker(500 + at * 400, codec),
    )
    for (const talker of talkers) bridge.add(talker)
    // Opus, once it is loaded, has to learn what it hears.
    await settled()
    await settled()
    for (const talker of talkers) {
      const heard = await talker.listen()
      for (const { frequency } of talkers)
        if (frequency === talker.frequency) expect(shareOf(frequency, heard)).toBeLessThan(0.01)
        else expect(shareOf(frequency, heard)).toBeCloseTo(1 / 4, 1)
    }
    bridge.close()
  })

  it.each(['G722', 'opus'] as const)('passes on what is above 4 kHz, and mixes it, in %s', async (codec) => {
    const bridge = new Bridge()
    const [a, b, c] = [new Talker(6_000, codec), new Talker(900, codec), new Talker(1_300, 'PCMU')]
    for (const talker of [a, b]) bridge.add(talker)
    await settled()
    expect(shareOf(6_000, await b.listen('wide'), LINEAR_RATE)).toBeGreaterThan(0.8)
    expect(b.told.every((packet) => packet.codec === codec)).toBe(true)
    bridge.add(c)
    await settled()
    expect(shareOf(6_000, await b.listen('wide'), LINEAR_RATE)).toBeCloseTo(0.5, 1)
    bridge.close()
  })

  it.each(['G722', 'opus'] as const)('is silent for one who hears somebody in %s muted', async (codec) => {
    const bridge = new Bridge()
    const [a, b] = [new Talker(500, codec), new Talker(900, codec)]
    const member = bridge.add(a)
    bridge.add(b)
    await b.listen()
    member.muted = true
    await settled()
    const heard = await b.listen()
    expect(heard.length).toBeGreaterThan(3_800)
    expect(loudness(heard)).toBeLessThan(0.002)
  })

  it('is overheard without a trace: two go on with each other’s packets as they are', async () => {
    const bridge = new Bridge()
    const [a, b, ear] = [new Talker(500), new Talker(900, 'PCMA'), new Talker(1_300)]
    const talking = bridge.add(a)
    bridge.add(b)
    await b.listen()
    const before = b.told.at(-1)?.sequence ?? 0
    const stop = bridge.overhear(ear)
    const heard = await b.listen()
    expect(shareOf(500, heard)).toBeGreaterThan(0.99)
    expect(b.told.map(({ sequence }) => sequence)).toEqual(b.told.map((_, at) => before + 1 + at))
    const overheard = await ear.listen()
    for (const frequency of [500, 900]) expect(shareOf(frequency, overheard)).toBeCloseTo(0.5, 1)
    talking.muted = true
    await settled()
    expect(shareOf(500, await ear.listen())).toBeLessThan(0.01)
    stop()
    expect(await ear.listen()).toHaveLength(0)
    for (const talker of [a, b, ear]) talker.hush()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('of three is overheard, but for what is whispered to others', async () => {
    const bridge = new Bridge()
    const [a, b, c, ear] = [new Talker(500), new Talker(900), new Talker(1_300), new Talker(1_700)]
    for (const talker of [a, b]) bridge.add(talker)
    bridge.overhear(ear)
    bridge.add(c).heardBy = [a]
    await settled()
    const overheard = await ear.listen()
    for (const frequency of [500, 900]) expect(shareOf(frequency, overheard)).toBeCloseTo(0.5, 1)
    expect(shareOf(1_300, overheard)).toBeLessThan(0.01)
    for (const talker of [a, b, c]) expect(shareOf(1_700, await talker.listen())).toBeLessThan(0.01)
    bridge.close()
    expect(await ear.listen()).toHaveLength(0)
  })

  it('goes on for two when a third comes and goes, with no silence put between', async () => {
    const bridge = new Bridge()
    const [a, b, c] = [new Talker(500), new Talker(900), new Talker(1_300)]
    bridge.add(a)
    bridge.add(b)
    const silentFrames = () => a.told.filter((packet) => loudness(soundOf([packet])) < 0.01).length
    expect(shareOf(900, await a.listen())).toBeGreaterThan(0.99)
    const third = bridge.add(c)
    await a.listen()
    expect(a.told.length).toBeGreaterThanOrEqual(22)
    expect(silentFrames()).toBe(0)
    expect(shareOf(1_300, await a.listen())).toBeCloseTo(0.5, 1)
    third.remove()
    expect(shareOf(900, await a.listen())).toBeGreaterThan(0.9)
    expect(a.told.length).toBeGreaterThanOrEqual(24)
    expect(silentFrames()).toBe(0)
    expect(loudness(await c.listen())).toBe(0)
    expect(bridge.size).toBe(2)
  })

  it('mutes one, and keeps its stream alive', async () => {
    const bridge = new Bridge()
    const [a, b, c] = [new Talker(500), new Talker(900), new Talker(1_300)]
    const first = bridge.add(a)
    bridge.add(b)
    first.muted = true
    expect(loudness(await b.listen())).toBe(0)
    expect(b.told.length).toBeGreaterThanOrEqual(24)
    expect(shareOf(900, await a.listen())).toBeGreaterThan(0.99)
    first.deaf = true
    expect(loudness(await a.listen())).toBe(0)
    first.deaf = false
    bridge.add(c)
    await settled()
    expect(shareOf(1_300, await b.listen())).toBeGreaterThan(0.99)
    first.muted = false
    first.deaf = true
    await settled()
    expect(shareOf(500, await b.listen())).toBeCloseTo(0.5, 1)
    expect(loudness(await a.listen())).toBe(0)
  })

  it('whispers to one while the others hear nothing of it, with two as with three', async () => {
    const bridge = new Bridge()
    const [caller, officer, supervisor] = [new Talker(500), new Talker(900), new Talker(1_300)]
    bridge.add(caller)
    const whispering = bridge.add(supervisor)
    whispering.heardBy = [officer]
    expect(loudness(await caller.listen())).toBe(0)
    bridge.add(officer)
    await settled()
    expect(shareOf(1_300, await officer.listen())).toBeCloseTo(0.5, 1)
    expect(shareOf(900, await caller.listen())).toBeGreaterThan(0.99)
    expect(shareOf(1_300, await supervisor.listen())).toBeLessThan(0.01)
    whispering.heardBy = undefined
    await settled()
    expect(shareOf(1_300, await caller.listen())).toBeCloseTo(0.5, 1)
  })

  it('hides a leg from one who hears it elsewhere, with two as with three, and from nobody who overhears', async () => {
    const bridge = new Bridge()
    const [officer, caller, radio, chief] = [500, 900, 1_300, 1_700].map((hz) => new Talker(hz))
    if (!officer || !caller || !radio || !chief) throw new Error('unreachable')
    bridge.add(officer)
    bridge.add(radio).hiddenFrom = officer
    expect(loudness(await officer.listen())).toBe(0)
    bridge.add(caller)
    bridge.overhear(chief)
    await settled()
    expect(shareOf(1_300, await officer.listen())).toBeLessThan(0.01)
    expect(shareOf(1_300, await caller.listen())).toBeCloseTo(0.5, 1)
    expect(shareOf(1_300, await chief.listen())).toBeGreaterThan(0.2)
  })

  it('meters how loud a leg is', async () => {
    const loud = new Talker(1_000, 'PCMA', 0.5)
    const quiet = new Talker(1_000, 'PCMA', 0.05)
    const meters = [loud, quiet].map((leg) => new LevelMeter(leg))
    await settled()
    expect(meters.map((meter) => meter.read())).toEqual([-9, -29])
    loud.hush()
    expect(meters[0]?.read()).toBe(-127)
  })

  it('plays a tone to one, in its cadence, and a clip once', async () => {
    const bridge = new Bridge()
    const a = new Talker(500)
    bridge.add(a)
    const busy = new PlayerLeg({ samples: tone('busy'), loop: true })
    const playing = bridge.add(busy)
    await vi.advanceTimersByTimeAsync(1_400)
    const heard = soundOf(a.told)
    expect(shareOf(450, heard.subarray(0, 2_800))).toBeGreaterThan(0.98)
    expect(loudness(heard.subarray(2_880, 5_600))).toBe(0)
    expect(shareOf(450, heard.subarray(5_600, 8_400))).toBeGreaterThan(0.98)
    playing.remove()
    busy.close()
    const ended = vi.fn()
    bridge.add(new PlayerLeg({ samples: sine(700, 1_000), onEnd: ended }))
    const clip = await a.listen()
    expect(clip).toHaveLength(7 * FRAME)
    expect(shareOf(700, clip.subarray(0, 1_000))).toBeGreaterThan(0.98)
    expect(ended).toHaveBeenCalledOnce()
  })

  it('plays a clip of wideband as such', async () => {
    const bridge = new Bridge()
    const a = new Talker(500, 'G722')
    bridge.add(a)
    const samples = sine(6_000, LINEAR_RATE, 0, 0.3, LINEAR_RATE)
    const clip = new PlayerLeg({ samples, rate: LINEAR_RATE, loop: true })
    bridge.add(clip)
    const heard = await a.listen('wide')
    expect(heard.length).toBeGreaterThan(LINEAR_RATE * 0.45)
    expect(shareOf(6_000, heard, LINEAR_RATE)).toBeGreaterThan(0.99)
    clip.close()
  })

  it('falls silent when it is closed', async () => {
    const bridge = new Bridge()
    const [a, b, c] = [new Talker(500), new Talker(900), new Talker(1_300)]
    for (const talker of [a, b, c]) bridge.add(talker)
    bridge.close()
    expect(await a.listen()).toHaveLength(0)
    for (const talker of [a, b, c]) talker.hush()
    expect(vi.getTimerCount()).toBe(0)
  })
})
