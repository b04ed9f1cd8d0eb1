/** baresip as a phone of a test's own, told what to do over its control socket. */
import { randomInt } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { AtEnd } from './at-end.ts'
import { temporaryFolder } from './folder.ts'
import { freePort } from './free-port.ts'
import { startProgram } from './processes.ts'
import { until } from './until.ts'
import { writeWaveFile } from './wave-file.ts'

const CONTROL_PORT = 4_444

export interface BaresipOptions {
  readonly user: string
  readonly password: string
  readonly domain: string
  /** The port of its exchange, on 127.0.0.1. Left out: it is at none, and called where it is. */
  readonly exchange?: number
  /** Left out: it rings until it is told. */
  readonly answers?: 'auto'
  /** As baresip lists them: `PCMU,PCMA` if not given; there are `G722` and `opus/48000/2` besides. */
  readonly codecs?: string
  /** The address to which `message` sends. */
  readonly writesTo?: string
  /** SRTP or no call: with keys in the session description (RFC 4568), or by a handshake (RFC 5763). */
  readonly protects?: 'srtp-mand' | 'dtls_srtp'
  /** A file with its certificate and its key: it is also had over TLS, at the port above its own. */
  readonly certificate?: string
  /** What it says into its calls: once, 8,000 samples a second, or a tone of so many Hz for ever; 440 if not given. */
  readonly says?: Int16Array | number
}

export interface Baresip {
  /** Where it is, on 127.0.0.1. */
  readonly port: number
  /** What it has told, each event with its `type`, as CALL_ESTABLISHED. */
  readonly events: readonly { readonly type: string; readonly param: string }[]
  /** As its own commands: `dial sip:60001@domain`, `accept`, `hangup`, `hold`, `resume`, `transfer`, `message`. */
  tell(command: string, params?: string): void
  /** Waits for such an event; counts from the beginning. */
  until(type: string): Promise<void>
  /**
   * What came out of its first call until the other side described it anew, 16 bits, while packets came, at the rate of
   * its codec: 8,000 samples a second for G.711. Complete only once it has ended.
   */
  played(): Int16Array
  /** The same, and samples a second. */
  recording(): Recording
  /** Its log, with every SIP message it sent and got. */
  readonly said: () => string
  kill(): Promise<void>
}

interface Recording {
  readonly rate: number
  /** The first of its channels. */
  readonly samples: Int16Array
}

/** Starts it and waits until it is registered, if it has an exchange. */
export async function startBaresip(atEnd: AtEnd, options: BaresipOptions): Promise<Baresip> {
  const { user, password, domain, exchange, answers, codecs = 'PCMU,PCMA' } = options
  const { protects, says = 440, writesTo, certificate } = options
  const folder = temporaryFolder(atEnd)
  // It listens for TLS at the next one.
  const sip = await freePort(2)
  // At an address of its own, so that no other program is taken for it.
  const control = `127.${randomInt(1, 255)}.${randomInt(255)}.${randomInt(1, 255)}`
  const sounds = join(folder, 'sounds')
  mkdirSync(sounds)
  const clip = join(folder, 'clip.wav')
  if (typeof says !== 'number') writeWaveFile(clip, says)
  const source = typeof says === 'number' ? { tone: says } : { clip }
  writeFileSync(
    join(folder, 'config'),
    configuration(sounds, sip, control, { source, protects, certificate }),
  )
  writeFileSync(
    join(folder, 'accounts'),
    `<sip:${user}@${domain}>;auth_user=${user};auth_pass=${password};` +
      (exchange === undefined ? 'regint=0;' : `outbound="sip:127.0.0.1:${exchange}";regint=60;`) +
      `answermode=${answers ?? 'manual'};audio_codecs=${codecs};ptime=20${protects === undefined ? '' : `;mediaenc=${protects}`}\n`,
  )
  writeFileSync(join(folder, 'contacts'), writesTo === undefined ? '' : `"Somebody" <${writesTo}>\n`)
  // The one that is chosen; there is no command that would name one.
  if (writesTo !== undefined) writeFileSync(join(folder, 'current_contact'), writesTo)
  const program = startProgram(atEnd, 'baresip', ['-f', folder, '-4', '-s'])
  const events: { type: string; param: string }[] = []
  const dead = program.ended.then((status) => {
    throw new Error(`baresip ended with ${status} as it started: ${program.said()}`)
  })
  // It loads its modules one after another: thirty at once, on two cores that others need too, take their time.
  const reached = until(() => reach(control), { timeout: 60_000, interval: 50 })
  const socket = await Promise.race([reached, dead])
  atEnd(() => void socket.destroy())
  let pending = Buffer.alloc(0)
  socket.on('error', () => undefined)
  socket.on('data', (piece) => {
    pending = Buffer.concat([pending, piece])
    for (;;) {
      const colon = pending.indexOf(':')
      const length = Number(pending.subarray(0, Math.max(0, colon)).toString())
      if (colon < 0 || pending.length < colon + length + 2) return
      const told: unknown = JSON.parse(pending.subarray(colon + 1, colon + 1 + length).toString())
      pending = pending.subarray(colon + length + 2)
      if (isEvent(told)) events.push({ type: told.type, param: told.param ?? '' })
    }
  })
  const tell = (command: string, params = '') => {
    const message = JSON.stringify({ command, params, token: 'test' })
    socket.write(`${Buffer.byteLength(message)}:${message},`)
  }
  const untilEvent = (type: string) =>
    until(
      () => {
        if (!events.some((event) => event.type === type))
          throw new Error(`no ${type}: ${JSON.stringify(events)}\n${program.said()}`)
      },
      { timeout: 20_000, interval: 50 },
    )
  await until(
    () => {
      if (exchange !== undefined && !program.said().includes('200 OK'))
        throw new Error(`not registered: ${program.said()}`)
    },
    { timeout: 20_000, interval: 50 },
  )
  const recording = () => {
    const file = readdirSync(sounds).find((name) => name.endsWith('-dec.wav'))
    if (file === undefined) throw new Error(`nothing was played: ${readdirSync(sounds)}`)
    return recordingIn(readFileSync(join(sounds, file)))
  }
  return {
    port: sip,
    events,
    tell,
    until: untilEvent,
    played: () => recording().samples,
    recording,
    said: program.said,
    kill: program.kill,
  }
}

/** A WAV whose samples, of 16 bits, stand after a header of 44 octets. */
function recordingIn(wave: Buffer): Recording {
  const step = 2 * wave.readUInt16LE(22)
  const length = Math.floor((wave.length - 44) / step)
  return {
    rate: wave.readUInt32LE(24),
    samples: Int16Array.from({ length }, (_, at) => wave.readInt16LE(44 + at * step)),
  }
}

const isEvent = (told: unknown): told is { type: string; param?: string } =>
  typeof told === 'object' && told !== null && 'event' in told && 'type' in told

function reach(host: string) {
  return new Promise<ReturnType<typeof connect>>((resolve, reject) => {
    const socket = connect(CONTROL_PORT, host, () => resolve(socket))
    socket.once('error', reject)
  })
}

const configuration = (
  sounds: string,
  sip: number,
  control: string,
  {
    source,
    protects,
    certificate,
  }: {
    readonly source: { readonly clip: string } | { readonly tone: number }
    readonly protects: BaresipOptions['protects']
    readonly certificate: string | undefined
  },
) =>
  [
    'poll_method epoll',
    `sip_listen 127.0.0.1:${sip}`,
    ...(certificate === undefined ? [] : [`sip_certificate ${certificate}`]),
    'call_local_timeout 120',
    'call_max_calls 4',
    'clip' in source ? `audio_source aufile,${source.clip}` : `audio_source ausine,${source.tone}`,
    'audio_player aubridge,nobody',
    'audio_alert aufile,/dev/null',
    'audio_level no',
    `rtcp_mux ${protects === 'dtls_srtp' ? 'yes' : 'no'}`,
    'jitter_buffer_type fixed',
    'net_interface 127.0.0.1',
    'module_path /usr/lib/baresip/modules',
    ...['g711', 'g722', 'opus', 'aufile', 'ausine', 'aubridge', 'sndfile', 'srtp', 'dtls_srtp'].map(
      (name) => `module ${name}.so`,
    ),
    ...['uuid', 'account'].map((name) => `module_tmp ${name}.so`),
    ...['contact', 'debug_cmd', 'menu', 'ctrl_tcp'].map((name) => `module_app ${name}.so`),
    `ctrl_tcp_listen ${control}:${CONTROL_PORT}`,
    `snd_path ${sounds}`,
    // What each source has.
    ...('clip' in source
      ? ['ausrc_srate 8000', 'ausrc_channels 1']
      : ['ausrc_srate 48000', 'ausrc_channels 2']),
    'auplay_srate 8000',
    'auplay_channels 1',
    '',
  ].join('\n')
