/** What the officer hears of the own key, and what is sent to the air as if somebody talked. Of our own design. */
import type { AlertTone } from '../../../contract/seat-radio.ts'
import { SAMPLE_RATE } from '../media/g711.ts'
import type { PermitTone } from './transmitting.ts'

/** Hz and milliseconds, one after the other; 0 Hz is a pause. */
type Melody = readonly (readonly [number, number])[]

const repeated = (times: number, melody: Melody): Melody => Array.from({ length: times }, () => melody).flat()

/** Short, for the officer talks meanwhile; told apart by pitch and by rhythm. */
const permitTones: Readonly<Record<PermitTone, Melody>> = {
  permit: [
    [1_050, 50],
    [1_400, 70],
  ],
  busy: repeated(3, [
    [480, 100],
    [0, 80],
  ]),
  denied: [[300, 350]],
  warning: repeated(2, [
    [1_800, 60],
    [0, 60],
  ]),
  cut: [
    [900, 80],
    [650, 80],
    [400, 160],
  ],
}

const alertTones: Readonly<Record<AlertTone, Melody>> = {
  attention: [[1_000, 1_500]],
  'all-clear': [
    [800, 500],
    [600, 700],
  ],
  warble: repeated(6, [
    [1_500, 150],
    [900, 150],
  ]),
}

/** -14 dBm0 to the officer's ear and -10 dBm0 to the air, with G.711's full scale at 3.14 dBm0. */
const EAR_AMPLITUDE = 32_768 * 10 ** (-(14 + 3.14) / 20)
const AIR_AMPLITUDE = 32_768 * 10 ** (-(10 + 3.14) / 20)
/** Begins and ends within so many samples: a jump would click. */
const EDGE = 32

/** 16 bits, 8,000 samples a second. */
export const permitTone = (name: PermitTone): Int16Array => sound(permitTones[name], EAR_AMPLITUDE)

/** 16 bits, 8,000 samples a second. */
export const alertTone = (name: AlertTone): Int16Array => sound(alertTones[name], AIR_AMPLITUDE)

function sound(melody: Melody, amplitude: number): Int16Array {
  const notes = melody.map(([frequency, ms]) => note(frequency, ms, amplitude))
  const samples = new Int16Array(notes.reduce((sum, { length }) => sum + length, 0))
  let start = 0
  for (const each of notes) {
    samples.set(each, start)
    start += each.length
  }
  return samples
}

const note = (frequency: number, ms: number, amplitude: number): Int16Array => {
  const length = (ms * SAMPLE_RATE) / 1000
  return Int16Array.from({ length }, (_, at) => {
    const edge = Math.min(1, at / EDGE, (length - at) / EDGE)
    return Math.round(edge * amplitude * Math.sin((2 * Math.PI * frequency * at) / SAMPLE_RATE))
  })
}
