/** What a conference costs: everybody talks, everybody hears all others. */
import { Bridge } from '../main/engine/media/bridge.ts'
import { frameUnits, LINEAR_FRAME, type NetworkCodec } from '../main/engine/media/codec.ts'
import { codecs } from '../main/engine/media/codecs.ts'
import type { Leg, VoicePacket } from '../main/engine/media/leg.ts'
import { everyFrame } from '../main/engine/media/ticker.ts'
import { Transcoder } from '../main/engine/media/transcoder.ts'
import { type Bench, Collector } from './bench.ts'

const REPEATS = 5
/** Parties, and the codec that all of them have. */
const CONFERENCES = [
  ['cpu30', 30, 'PCMA'],
  ['cpu100', 100, 'PCMA'],
  ['cpu30G722', 30, 'G722'],
  ['cpu30Opus', 30, 'opus'],
] as const
const SETTLE_MS = 500
const MEASURE_MS = 3_000

export const mixer: Bench = {
  name: 'mixer',
  about:
    'a conference in which all talk at once, of 30 and of 100 (G.711), of 30 with G.722 and with Opus: share of a core, with decoding and encoding',
  targets: { cpu100: { max: 0.5 } },
  run: async (say) => {
    const collector = new Collector()
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const figures: Record<string, number> = {}
      for (const [name, size, codec] of CONFERENCES) figures[name] = await costOf(size, codec)
      collector.add(figures)
      say(CONFERENCES.map(([name]) => `${name} ${figures[name]?.toFixed(3)}`).join(', '))
    }
    return { figures: collector.samples }
  },
}

async function costOf(size: number, codec: NetworkCodec): Promise<number> {
  const bridge = new Bridge()
  let heard = 0
  const speakers = await Promise.all(
    Array.from({ length: size }, async (_, number) => {
      const listeners = new Set<(packet: VoicePacket) => void>()
      const farSide = new Transcoder(codec)
      const leg: Leg = {
        send: (packet) => {
          heard += farSide.take(packet).length
        },
        onVoice: (listener) => {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      }
      bridge.add(leg)
      const payload = await payloadOf(codec, toneOf(number))
      return {
        speak: (frames: number) => {
          const packet: VoicePacket = {
            codec,
            marker: frames === 0,
            sequence: frames & 0xffff,
            timestamp: frames * frameUnits(codec),
            ssrc: number,
            payload,
          }
          for (const listener of listeners) listener(packet)
        },
        end: () => farSide.close(),
      }
    }),
  )
  const stop = everyFrame((frames) => {
    for (const { speak } of speakers) speak(frames)
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
    for (const { end } of speakers) end()
  }
}

/** One frame in the codec, once it is there. */
async function payloadOf(codec: NetworkCodec, frame: Int16Array): Promise<Uint8Array> {
  const encoder = codecs[codec].encoder()
  for (;;) {
    const payload = encoder.encode(frame)
    if (payload !== undefined) {
      encoder.close?.()
      return payload
    }
    await passed(1)
  }
}

const toneOf = (number: number): Int16Array =>
  Int16Array.from({ length: LINEAR_FRAME }, (_, at) => Math.round(2_000 * Math.sin(((number + 3) * at) / 40)))

const passed = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
