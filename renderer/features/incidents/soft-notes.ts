/** Two soft notes, one after the other: something is to be looked at, and does not ring. */

const RATE = 48_000
/** From the beginning of the one to that of the other. */
const APART_S = 0.22
const NOTE_S = 0.2
const RAMP_S = 0.03
const LOUDNESS = 0.25

/** Their pitch, Hz. */
export function softNotes(...notes: readonly [number, number]): AudioBuffer {
  const length = Math.ceil(RATE * (NOTE_S + APART_S))
  const buffer = new AudioBuffer({ length, sampleRate: RATE })
  const samples = buffer.getChannelData(0)
  notes.forEach((hz, nth) => {
    for (let at = 0; at < NOTE_S * RATE; at++) {
      const seconds = at / RATE
      const ramp = Math.min(1, seconds / RAMP_S, (NOTE_S - seconds) / RAMP_S)
      const place = Math.floor(nth * APART_S * RATE) + at
      samples[place] = (samples[place] ?? 0) + LOUDNESS * ramp * Math.sin(2 * Math.PI * hz * seconds)
    }
  })
  return buffer
}
