/** A ring: two tones and a shake, where the phone lets a page do that. */

const TONES = [
  { hz: 880, from: 0 },
  { hz: 1_175, from: 0.25 },
]
const LASTS_S = 0.2
const LOUDNESS = 0.3

let context: AudioContext | undefined

export function ringOnce(): void {
  navigator.vibrate?.([400, 200, 400])
  context ??= new AudioContext()
  const { currentTime, destination } = context
  // Until the page was touched it may not be heard; the shake and the screen have to do.
  void context.resume().catch(() => undefined)
  const gain = new GainNode(context, { gain: LOUDNESS })
  gain.connect(destination)
  for (const { hz, from } of TONES) {
    const tone = new OscillatorNode(context, { frequency: hz })
    tone.connect(gain)
    tone.start(currentTime + from)
    tone.stop(currentTime + from + LASTS_S)
  }
}
