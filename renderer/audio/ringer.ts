/** Rings while a call or an invitation waits, and sounds the alarm while one stands: on the device and as loud as was chosen. */
import { onSelected, type RootState, store } from '../app/store.ts'
import { openOutput, playOn } from './output.ts'

const RATE = 48_000
const PERIOD_S = 4
const RING_S = 1
const tones = [440, 480]
/** Of each tone, at full volume: both together stay within full scale. */
const LOUDNESS = 0.48
/** So that it neither clicks on nor off, seconds. */
const RAMP_S = 0.02

const WAILS_HZ = 2
const WAIL_HZ = 1_000
const WAIL_SWAY_HZ = 350
const WAIL_LOUDNESS = 0.8

/** An invitation: three notes that rise, twice, in four seconds. Nobody takes it for a telephone either. */
const chimes = [523, 659, 784]
const CHIME_S = 0.22
const CHIMES_APART_S = 1
const CHIME_LOUDNESS = 0.7

/** So long, in seconds, of which the first is sound. */
function ring(lengthS: number): AudioBuffer {
  const buffer = new AudioBuffer({ length: RATE * lengthS, sampleRate: RATE })
  const samples = buffer.getChannelData(0)
  for (let at = 0; at < RING_S * RATE; at++) {
    const seconds = at / RATE
    const ramp = Math.min(1, seconds / RAMP_S, (RING_S - seconds) / RAMP_S)
    samples[at] = LOUDNESS * ramp * tones.reduce((sum, hz) => sum + Math.sin(2 * Math.PI * hz * seconds), 0)
  }
  return buffer
}

/** Ears hear the square of it as even steps. */
const gainOf = (volume: number): number => volume ** 2
const volume = ({ settings }: RootState): number => settings.seat.audio.ringVolume

/** A rising and falling wail, twice a second: nobody takes it for a telephone. */
function wail(): AudioBuffer {
  const buffer = new AudioBuffer({ length: RATE, sampleRate: RATE })
  const samples = buffer.getChannelData(0)
  let phase = 0
  for (let at = 0; at < RATE; at++) {
    const sway = Math.sin(2 * Math.PI * WAILS_HZ * (at / RATE))
    phase += (2 * Math.PI * (WAIL_HZ + WAIL_SWAY_HZ * sway)) / RATE
    samples[at] = WAIL_LOUDNESS * Math.sin(phase)
  }
  return buffer
}

function invitation(): AudioBuffer {
  const buffer = new AudioBuffer({ length: RATE * PERIOD_S, sampleRate: RATE })
  const samples = buffer.getChannelData(0)
  for (const [turn, hz] of [...chimes, ...chimes].entries()) {
    const begins = turn * CHIME_S + (turn < chimes.length ? 0 : CHIMES_APART_S - chimes.length * CHIME_S)
    for (let at = 0; at < CHIME_S * RATE; at++) {
      const seconds = at / RATE
      const ramp = Math.min(1, seconds / RAMP_S, (CHIME_S - seconds) / RAMP_S)
      samples[Math.floor(begins * RATE) + at] = CHIME_LOUDNESS * ramp * Math.sin(2 * Math.PI * hz * seconds)
    }
  }
  return buffer
}

/** A soft double tone, one second in four. Returns how to stop. */
export const startRinging = (): (() => void) => sounding(ring(PERIOD_S))

/** Somebody is invited to a room. Returns how to stop. */
export const startInviting = (): (() => void) => sounding(invitation())

/** Returns how to stop. */
export const startAlarm = (): (() => void) => sounding(wail())

/** Over and over. Returns how to stop. */
function sounding(sound: AudioBuffer): () => void {
  const { context, ready, close } = openOutput(() => 'ring')
  const gain = new GainNode(context, { gain: gainOf(volume(store.getState())) })
  const source = new AudioBufferSourceNode(context, { buffer: sound, loop: true })
  source.connect(gain).connect(context.destination)
  // Not on another device first.
  void ready.then(() => source.start())
  const stopFollowing = onSelected(volume, () => {
    gain.gain.value = gainOf(volume(store.getState()))
  })
  return () => {
    stopFollowing()
    close()
  }
}

/** One ring, to hear whether it is loud enough where one sits. */
export const ringOnce = (): Promise<void> => playOn('ring', ring(RING_S), gainOf(volume(store.getState())))
