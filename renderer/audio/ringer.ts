/** Rings while a call waits: a soft double tone, one second in four. */

const RATE = 48_000
const PERIOD_S = 4
const RING_S = 1
const tones = [440, 480]
const LOUDNESS = 0.12
/** So that it neither clicks on nor off, seconds. */
const RAMP_S = 0.02

/** Returns how to stop. */
export function startRinging(): () => void {
  const context = new AudioContext()
  const buffer = context.createBuffer(1, RATE * PERIOD_S, RATE)
  const samples = buffer.getChannelData(0)
  for (let at = 0; at < RING_S * RATE; at++) {
    const seconds = at / RATE
    const ramp = Math.min(1, seconds / RAMP_S, (RING_S - seconds) / RAMP_S)
    samples[at] = LOUDNESS * ramp * tones.reduce((sum, hz) => sum + Math.sin(2 * Math.PI * hz * seconds), 0)
  }
  const source = new AudioBufferSourceNode(context, { buffer, loop: true })
  source.connect(context.destination)
  source.start()
  return () => void context.close()
}
