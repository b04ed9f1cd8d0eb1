/** Calls in at fifty a second, answered and hung up, as sipp makes them on the loopback. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCallVoice } from '../main/engine/telephony/call-voice.ts'
import { openSipPort } from '../main/engine/telephony/sip/sip-port.ts'
import { type AtEnd, endings } from '../tests/support/at-end.ts'
import { temporaryFolder } from '../tests/support/folder.ts'
import { freePort } from '../tests/support/free-port.ts'
import { startProgram } from '../tests/support/processes.ts'
import { type Bench, Collector } from './bench.ts'

const REPEATS = 5
const CALLS_PER_S = 50
const SECONDS = 20
/** How long each is talked. */
const TALK_MS = 1_000

export const sipLoad: Bench = {
  name: 'sip-load',
  about: `${CALLS_PER_S} calls a second for ${SECONDS} s from sipp over UDP: each is answered with sound of its own, talks for ${TALK_MS / 1000} s and is hung up; cpu is the share of a core of this side`,
  takes: 'about 2 minutes',
  targets: { lost: { max: 0 }, callsPerS: { min: 0.95 * CALLS_PER_S } },
  run: async (say) => {
    const collector = new Collector()
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const { atEnd, run } = endings()
      try {
        const figures = await measure(atEnd)
        collector.add(figures)
        say(
          `${figures.callsPerS.toFixed(1)} calls/s, ${figures.lost} lost, ${figures.resent} messages sent again, ${figures.cpu.toFixed(2)} of a core`,
        )
      } finally {
        await run()
      }
    }
    return { figures: collector.samples }
  },
}

async function measure(atEnd: AtEnd) {
  let [answered, ended] = [0, 0]
  const at = await openPort(atEnd, () => {
    answered += 1
    return () => {
      ended += 1
    }
  })
  const before = process.cpuUsage()
  const began = performance.now()
  const sipp = await callIn(atEnd, at)
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(before)
  const asked = CALLS_PER_S * SECONDS
  return {
    callsPerS: sipp.successful / (seconds - TALK_MS / 1000),
    // A call is whole if both sides say so.
    lost: asked - Math.min(sipp.successful, answered, ended),
    resent: sipp.retransmissions,
    cpu: (user + system) / 1e6 / seconds,
  }
}

/** A port that answers whatever comes in, registered at a server that says yes to all; the port's number. */
async function openPort(atEnd: AtEnd, onAnswered: () => () => void): Promise<number> {
  const registrar = createSocket('udp4').bind(0, '127.0.0.1')
  atEnd(() => void registrar.close())
  await once(registrar, 'listening')
  registrar.on('message', (bytes, from) => {
    const kept = bytes
      .toString()
      .split('\r\n')
      .filter((line) => /^(?:via|from|to|call-id|cseq|contact):/i.test(line))
    const answer = ['SIP/2.0 200 OK', ...kept, 'Content-Length: 0', '', ''].join('\r\n')
    registrar.send(answer, from.port, from.address)
  })
  const registered = once(registrar, 'message')
  const server = { transport: 'udp', host: '127.0.0.1', port: registrar.address().port } as const
  const port = openSipPort({
    server,
    domain: 'bench.invalid',
    user: 'desk',
    password: 'none',
    openMedia: () => openCallVoice(server, false),
    ears: {
      incoming: (call) => {
        void call.accept().then(() => {
          const end = onAnswered()
          call.onChange(() => call.state === 'ended' && end())
        })
      },
      registration: () => undefined,
    },
  })
  atEnd(() => port.close())
  await port.register()
  const [, from] = await registered
  return from.port
}

/** sipp's own caller, and what it counted. */
async function callIn(atEnd: AtEnd, to: number) {
  const folder = temporaryFolder(atEnd)
  const counts = join(folder, 'counts.csv')
  const { process: child, ended } = startProgram(
    atEnd,
    'sipp',
    [
      ...['-sn', 'uac', '-s', 'desk', '-i', '127.0.0.1', '-p', `${await freePort()}`, '-nostdin'],
      ...['-r', `${CALLS_PER_S}`, '-m', `${CALLS_PER_S * SECONDS}`, '-d', `${TALK_MS}`],
      ...['-timeout', `${3 * SECONDS}s`, '-trace_stat', '-stf', counts, `127.0.0.1:${to}`],
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] },
  )
  await ended
  if (child.exitCode === null || child.exitCode > 1) throw new Error(`sipp ended with ${child.exitCode}`)
  const [names = [], ...rows] = readFileSync(counts, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(';'))
  const last = (name: string) => Number(rows.at(-1)?.[names.indexOf(name)])
  return { successful: last('SuccessfulCall(C)'), retransmissions: last('Retransmissions(C)') }
}
