/** How whoever has a simulated phone behaves. Pure: chance comes in, the same number always gives the same. */
import { type Chance, chanceFrom } from '../city/random.ts'
import { MU_LAW_SILENCE } from './g711.ts'
import { SAMPLES, type Script } from './voice.ts'

/** What happens when the phone is called; times in milliseconds. */
export type Temperament =
  /** Hangs up by itself after having talked for so long. */
  | { readonly kind: 'answers'; readonly afterMs: number; readonly talksForMs: number }
  | { readonly kind: 'busy' }
  /** Rings until the caller gives up. */
  | { readonly kind: 'away' }
  | { readonly kind: 'declines' }

/** In parts of a hundred; all others answer. */
const BUSY = 6
const AWAY = 6
const DECLINES = 3

export function temperamentOf(number: string): Temperament {
  const chance = chanceOf(number)
  const lot = chance.next() * 100
  if (lot < BUSY) return { kind: 'busy' }
  if (lot < BUSY + AWAY) return { kind: 'away' }
  if (lot < BUSY + AWAY + DECLINES) return { kind: 'declines' }
  return {
    kind: 'answers',
    afterMs: chance.between(1_000, 4_000),
    talksForMs: chance.between(60_000, 180_000),
  }
}

export const chanceOf = (number: string): Chance =>
  chanceFrom(
    [...number].reduce((hash, sign) => Math.imul(hash ^ sign.charCodeAt(0), 16_777_619), 2_166_136_261),
  )

/** In packets of 20 ms: before the first word, and while listening between two sentences. */
const BREATH = [15, 40] as const
const LISTENING = [100, 300] as const

/** Says one sentence after the other, with pauses of listening. */
export function talking(sentences: readonly Uint8Array[], chance: Chance): Script {
  let [at, sentence] = [0, 0]
  let pause = Math.round(chance.between(...BREATH))
  return () => {
    if (pause > 0) {
      pause--
      return undefined
    }
    const said = sentences[sentence % sentences.length]
    if (said === undefined) return undefined
    const packet = said.subarray(at, at + SAMPLES)
    at += SAMPLES
    if (at >= said.length) {
      at = 0
      sentence++
      pause = Math.round(chance.between(...LISTENING))
    }
    return packet.length === SAMPLES ? packet : filled(packet)
  }
}

function filled(end: Uint8Array): Uint8Array {
  const packet = new Uint8Array(SAMPLES).fill(MU_LAW_SILENCE)
  packet.set(end)
  return packet
}
