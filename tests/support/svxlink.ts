/** SvxLink and its reflector, of a test's own: a repeater whose receiver and transmitter are sockets here. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { everyFrame } from '../../main/engine/media/ticker.ts'
import type { AtEnd } from './at-end.ts'
import { temporaryFolder } from './folder.ts'
import { freePort } from './free-port.ts'
import { type Program, startProgram } from './processes.ts'
import { sine } from './tone.ts'
import { until } from './until.ts'

export interface Svxreflector {
  readonly port: number
  readonly said: () => string
  kill(): Promise<void>
  /** On the same port. */
  start(): Promise<void>
}

export const REFLECTOR_PASSWORD = 'password-of-the-reflector'

/** `talksFor`: how long one may talk, s; whoever talked longer may not for a while. */
export async function startSvxreflector(
  atEnd: AtEnd,
  { callsigns, talksFor = 0 }: { readonly callsigns: readonly string[]; readonly talksFor?: number },
): Promise<Svxreflector> {
  const folder = temporaryFolder(atEnd)
  const port = await freePort()
  const file = join(folder, 'svxreflector.conf')
  await writeFile(
    file,
    [
      '[GLOBAL]',
      `LISTEN_PORT=${port}`,
      'CODECS=OPUS',
      `SQL_TIMEOUT=${talksFor}`,
      'SQL_TIMEOUT_BLOCKTIME=10',
      '[USERS]',
      ...callsigns.map((callsign) => `${callsign}=ALL`),
      '[PASSWORDS]',
      `ALL="${REFLECTOR_PASSWORD}"`,
      '',
    ].join('\n'),
  )
  let program: Program | undefined
  const start = async () => {
    const run = startProgram(atEnd, 'svxreflector', [`--config=${file}`])
    program = run
    await until(() => {
      if (run.process.exitCode !== null) throw new Error(`svxreflector ended: ${run.said()}`)
      if (!run.said().includes('Using configuration file')) throw new Error('svxreflector does not run')
    })
  }
  await start()
  return { port, said: () => program?.said() ?? '', kill: async () => program?.kill(), start }
}

export interface SvxlinkNode {
  readonly said: () => string
  /** Its receiver hears a signal with a tone of so many Hz, or none. It is simplex: meanwhile it transmits nothing. */
  receive(frequency: number | undefined): void
  /** What its transmitter says: the last second of it, 16,000 samples a second. */
  transmitted(): Int16Array
}

const RATE = 16_000
/** 20 ms. */
const FRAME = 320

/** It is there when it has come in at the reflector. */
export async function startSvxlink(
  atEnd: AtEnd,
  { callsign, reflector }: { readonly callsign: string; readonly reflector: Svxreflector },
): Promise<SvxlinkNode> {
  const folder = temporaryFolder(atEnd)
  const receiver = await freePort()
  const air = createSocket('udp4').bind(0, '127.0.0.1')
  await once(air, 'listening')
  atEnd(() => void air.close())
  const squelch = join(folder, 'squelch')
  const file = join(folder, 'svxlink.conf')
  await mkdir(join(folder, 'none'))
  await writeFile(file, configuration({ callsign, folder, squelch, receiver, air, reflector }))
  const program = startProgram(atEnd, 'svxlink', [`--config=${file}`], {
    env: { ...process.env, HOME: folder },
  })
  await until(() => {
    if (program.process.exitCode !== null) throw new Error(`svxlink ended: ${program.said()}`)
    if (!program.said().includes('Authentication OK')) throw new Error(`svxlink: ${program.said()}`)
  })
  const line = openSync(squelch, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK)
  atEnd(() => closeSync(line))
  let heard: number[] = []
  air.on('message', (octets) => {
    for (let at = 0; at + 1 < octets.length; at += 2) heard.push(octets.readInt16LE(at))
    heard = heard.slice(-RATE)
  })
  let received: number | undefined
  // It looks at its squelch when samples come, so they always do; and what it is told while it transmits it forgets.
  const stop = everyFrame((frames) => {
    if (frames % 5 === 0) writeSync(line, received === undefined ? 'Z' : 'O')
    const samples = sine(received ?? 0, FRAME, frames * FRAME, 0.3, RATE)
    air.send(Buffer.from(samples.buffer), receiver, '127.0.0.1')
  })
  atEnd(stop)
  return {
    said: program.said,
    receive: (frequency) => {
      received = frequency
    },
    transmitted: () => Int16Array.from(heard),
  }
}

const configuration = ({
  callsign,
  folder,
  squelch,
  receiver,
  air,
  reflector,
}: {
  readonly callsign: string
  readonly folder: string
  readonly squelch: string
  readonly receiver: number
  readonly air: Socket
  readonly reflector: Svxreflector
}) => `[GLOBAL]
LOGICS=SimplexLogic,ReflectorLogic
CFG_DIR=${folder}/none
CARD_SAMPLE_RATE=${RATE}
CARD_CHANNELS=1
LINKS=Link
[SimplexLogic]
TYPE=Simplex
RX=Receiver
TX=Transmitter
CALLSIGN=${callsign}
SHORT_IDENT_INTERVAL=0
LONG_IDENT_INTERVAL=0
EVENT_HANDLER=/usr/share/svxlink/events.tcl
DEFAULT_LANG=en_US
RGR_SOUND_DELAY=-1
REPORT_CTCSS=0
[ReflectorLogic]
TYPE=Reflector
HOST=127.0.0.1
PORT=${reflector.port}
CALLSIGN="${callsign}"
AUTH_KEY="${REFLECTOR_PASSWORD}"
AUDIO_CODEC=OPUS
JITTER_BUFFER_DELAY=0
[Link]
CONNECT_LOGICS=SimplexLogic:9:R,ReflectorLogic
DEFAULT_ACTIVE=1
TIMEOUT=0
[Receiver]
TYPE=Local
AUDIO_DEV=udp:127.0.0.1:${receiver}
AUDIO_CHANNEL=0
SQL_DET=PTY
PTY_PATH=${squelch}
SQL_START_DELAY=0
SQL_DELAY=0
SQL_HANGTIME=20
DTMF_DEC_TYPE=INTERNAL
[Transmitter]
TYPE=Local
AUDIO_DEV=udp:127.0.0.1:${air.address().port}
AUDIO_CHANNEL=0
PTT_TYPE=NONE
TIMEOUT=300
TX_DELAY=0
`
