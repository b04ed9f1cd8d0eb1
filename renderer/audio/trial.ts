/** Trying out what one is heard by and hears with: speak, then hear it; never both at once, which would howl. */
import type { AudioRole } from '../../contract/settings.ts'
import { loudness } from './meter.ts'
import { playOn } from './output.ts'

const RATE = 48_000
const NOTE_S = 0.25
const notes = [523, 659, 784]

/** Three notes upwards. */
export function playNotes(role: AudioRole): Promise<void> {
  const sound = new AudioBuffer({ length: RATE * NOTE_S * notes.length, sampleRate: RATE })
  const samples = sound.getChannelData(0)
  for (let at = 0; at < samples.length; at++) {
    const note = Math.floor(at / RATE / NOTE_S)
    const within = at / RATE - note * NOTE_S
    const fade = Math.min(1, within / 0.01, (NOTE_S - within) / 0.1)
    samples[at] = 0.25 * fade * Math.sin(2 * Math.PI * (notes[note] ?? 0) * within)
  }
  return playOn(role, sound)
}

/** What the microphone hears from now on for so long, ms. */
export async function record(track: MediaStreamTrack, ms: number): Promise<AudioBuffer> {
  const recorder = new MediaRecorder(new MediaStream([track]))
  const pieces: Blob[] = []
  recorder.addEventListener('dataavailable', ({ data }) => pieces.push(data))
  const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve))
  recorder.start()
  // Without the device it ends by itself.
  window.setTimeout(() => recorder.state === 'recording' && recorder.stop(), ms)
  await stopped
  const context = new OfflineAudioContext({ length: 1, sampleRate: RATE })
  return context.decodeAudioData(await new Blob(pieces).arrayBuffer())
}

/** The loudest tenth of a second is what counts: nobody speaks all the time. */
export function loudestOf(sound: AudioBuffer): number {
  const samples = sound.getChannelData(0)
  const span = Math.round(sound.sampleRate / 10)
  let loudest = 0
  for (let at = 0; at < samples.length; at += span)
    loudest = Math.max(loudest, loudness(samples.subarray(at, at + span)))
  return loudest
}
