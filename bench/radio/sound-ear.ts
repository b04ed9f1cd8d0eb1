/** Hears a sink of a sound system, and notes when sound begins there: as a person with headphones on it would. */
import type { AtEnd } from '../../tests/support/at-end.ts'
import { startProgram } from '../../tests/support/processes.ts'
import { now } from '../caller-path.ts'

/** Of a sample, out of 32,768: louder than line noise. */
const AUDIBLE = 1_000
/** What follows a shorter pause is the same sound. */
const PAUSE_MS = 200

export interface SoundEar {
  /** When sounds began since it was last asked, ms since 1970. */
  take(): number[]
}

export function openSoundEar(atEnd: AtEnd, server: string, sink: string): SoundEar {
  const recorder = startProgram(
    atEnd,
    'parec',
    [`--device=${sink}.monitor`, '--format=s16le', '--channels=1', '--rate=48000', '--latency-msec=5'],
    { env: { PATH: process.env.PATH ?? '', PULSE_SERVER: server } },
  )
  let began: number[] = []
  let heardAt = 0
  recorder.process.stdout?.on('data', (bytes: Buffer) => {
    let loudest = 0
    for (let at = 0; at + 1 < bytes.length; at += 2)
      loudest = Math.max(loudest, Math.abs(bytes.readInt16LE(at)))
    if (loudest < AUDIBLE) return
    const at = now()
    if (at - heardAt > PAUSE_MS) began.push(at)
    heardAt = at
  })
  return {
    take: () => {
      const taken = began
      began = []
      return taken
    },
  }
}
