/** What a conference costs: everybody talks, everybody hears all others. */
import { Bridge } from '../main/engine/media/bridge.ts'
import { encode, FRAME_SAMPLES } from '../main/engine/media/g711.ts'
import type { Leg, VoicePacket } from '../main/engine/media/leg.ts'
import { everyFrame } from '../main/engine/media/ticker.ts'
import { type Bench, Collector } from './bench.ts'

const REPEATS = 5
const SIZES = [30, 100]
const SETTLE_MS = 500
const MEASURE_MS = 3_000

export const mixer: Bench = {
  name: 'mixer',
  about:
    'a conference in which all talk at once (G.711), of 30 and of 100: share of a core, with decoding and encoding',
  targets: { cpu100: { max: 0.5 } },
  run: async (say) => {
    const collector = new Collector()
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const figures: Record<string, number> = {}
      for (const size of SIZES) figures[`cpu${size}`] = await costOf(size)
      collector.add(figures)
      say(SIZES.map((size) => `${size}: ${figures[`cpu${size}`]?.toFixed(3)}`).join(', '))
    }
    return { figures: collector.samples }
  },
}

async function costOf(size: number): Promise<number> {
  const bridge = new Bridge()
  let heard = 0
  const speakers = Array.from({ length: size }, (_, number) => {
    const listeners = new Set<(packet: VoicePacket) => void>()
    const leg: Leg = {
      send: () => {
        heard++
      },
      onVoice: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    }
    bridge.add(leg)
    const payload = encode('PCMA', toneOf(number))
    return (frames: number) => {
      const packet: VoicePacket = {
        codec: 'PCMA',
        marker: frames === 0,
        sequence: frames & 0xffff,
        timestamp: frames * FRAME_SAMPLES,
        ssrc: number,
        payload,
      }
      for (const listener of listeners) listener(packet)
    }
  })
  const stop = everyFrame((frames) => {
    for (const speak of speakers) speak(frames)
  })
  try {
    await passed(SETTLE_MS)
    heard = 0
    const began = performance.now()
    const before = process.cpuUsage()
    await passed(MEASURE_MS)
    const { user, system } = process.cpuUsage(before)
    const wall = performance.now() - began
    if (heard < (size * MEASURE_MS * 0.9) / 20)
      throw new Error(`only ${heard} packets came out of the conference`)
    return (user + system) / 1000 / wall
  } finally {
    stop()
    bridge.close()
  }
}

const toneOf = (number: number): Int16Array =>
  Int16Array.from({ length: FRAME_SAMPLES }, (_, at) =>
    Math.round(2_000 * Math.sin(((number + 3) * at) / 40)),
  )

const passed = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
