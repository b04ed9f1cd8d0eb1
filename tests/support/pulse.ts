/** A sound system of a test's own: PulseAudio with devices that are plugged in and unplugged as the test likes. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AtEnd } from './at-end.ts'
import { temporaryFolder } from './folder.ts'
import { runProgram, startProgram } from './processes.ts'
import { until } from './until.ts'

export interface Pulse {
  /** What a program needs to use it. */
  readonly server: string
  /** A loudspeaker or headphones of this name. */
  plugIn(sink: string): Promise<void>
  /** A microphone of this name, which hears what is played on that sink. */
  plugInMicrophone(source: string, hears: string): Promise<void>
  unplug(name: string): Promise<void>
  /** Plays this there, 8,000 samples a second. */
  play(sink: string, samples: Int16Array): void
  /** The loudest sample of the next fifth of a second that is played there, 0 to 1. */
  loudness(sink: string): Promise<number>
}

const RATE = 8_000
/** Bytes of a fifth of a second: mono, 16 bits. */
const ENOUGH = (2 * RATE) / 5

export async function startPulse(atEnd: AtEnd): Promise<Pulse> {
  const folder = temporaryFolder(atEnd)
  const runtime = join(folder, 'run')
  mkdirSync(runtime, { mode: 0o700 })
  const socket = join(runtime, 'native')
  const server = `unix:${socket}`
  const environment = { PATH: process.env.PATH ?? '', HOME: folder, XDG_RUNTIME_DIR: runtime }
  const program = startProgram(
    atEnd,
    'pulseaudio',
    [
      '-n',
      '--daemonize=no',
      '--exit-idle-time=-1',
      '--use-pid-file=no',
      '--log-target=stderr',
      '-L',
      `module-native-protocol-unix socket=${socket} auth-anonymous=1`,
    ],
    { env: { ...environment, PULSE_RUNTIME_PATH: runtime } },
  )
  const env = { ...environment, PULSE_SERVER: server }
  const control = (...words: string[]) => runProgram('pactl', words, { env })
  await until(
    () => control('info').catch(() => Promise.reject(new Error(`no sound system: ${program.said()}`))),
    { timeout: 10_000, interval: 50 },
  )
  const modules = new Map<string, string>()
  const load = async (name: string, ...words: string[]) => {
    modules.set(name, (await control('load-module', ...words)).trim())
  }
  return {
    server,
    plugIn: (sink) =>
      load(sink, 'module-null-sink', `sink_name=${sink}`, `sink_properties=device.description=${sink}`),
    plugInMicrophone: (source, hears) =>
      load(
        source,
        'module-remap-source',
        `source_name=${source}`,
        `master=${hears}.monitor`,
        `source_properties=device.description=${source}`,
      ),
    unplug: async (name) => {
      await control('unload-module', modules.get(name) ?? '')
      modules.delete(name)
    },
    play: (sink, samples) => {
      const format = ['--format=s16le', '--channels=1', `--rate=${RATE}`, '--latency-msec=50']
      const player = startProgram(atEnd, 'pacat', [`--device=${sink}`, ...format], { env })
      // It may be ended before it has taken all of it.
      player.process.stdin?.on('error', () => undefined)
      player.process.stdin?.end(Buffer.from(samples.buffer))
    },
    loudness: async (sink) => {
      const ends: (() => void | Promise<void>)[] = []
      const recorder = startProgram(
        (end) => ends.push(end),
        'parec',
        [`--device=${sink}.monitor`, '--format=s16le', '--channels=1', `--rate=${RATE}`, '--latency-msec=50'],
        { env },
      )
      const pieces: Buffer[] = []
      await new Promise<void>((resolve) => {
        recorder.process.stdout?.on('data', (piece: Buffer) => {
          pieces.push(piece)
          if (pieces.reduce((sum, { length }) => sum + length, 0) >= ENOUGH) resolve()
        })
        void recorder.ended.then(() => resolve())
      })
      await recorder.kill()
      const bytes = Buffer.concat(pieces)
      let loudest = 0
      for (let at = 0; at + 1 < bytes.length; at += 2)
        loudest = Math.max(loudest, Math.abs(bytes.readInt16LE(at)) / 32_768)
      return loudest
    },
  }
}
