/**
 * A call between a session and baresip in a network of its own, of which voice is lost from some moment on. Run by
 * `callWithLoss`; tells what was measured in its last line.
 */

import { PlayerLeg } from '../../main/engine/media/player-leg.ts'
import { openMediaSession } from '../../main/engine/media/session.ts'
import { answerCalls } from './answer-calls.ts'
import { endings } from './at-end.ts'
import { startBaresip } from './baresip.ts'
import { openEar } from './ear.ts'
import type { LossyCall } from './lossy-network.ts'
import { runProgram } from './processes.ts'
import { shareOf, sine } from './tone.ts'
import { until } from './until.ts'

const patience = { timeout: 40_000, interval: 20 }
const [THEIRS, OURS] = [440, 1_000]
/** So many packets are enough to know the loss by. */
const PACKETS = 600
/** UDP datagrams with 20 ms of G.711: 8 octets of UDP, 12 of RTP. SIP and RTCP are longer or shorter. */
const VOICE_OCTETS = 8 + 12 + 160

const percent = Number(process.argv[2])
const { atEnd, run } = endings()
try {
  await runProgram('ip', ['link', 'set', 'lo', 'up'])
  const measured = await measure()
  process.stdout.write(`\n${JSON.stringify(measured)}\n`)
} finally {
  await run()
}

async function measure(): Promise<LossyCall> {
  const session = await openMediaSession({ host: '127.0.0.1' })
  atEnd(() => session.close())
  let heard: Int16Array[] = []
  const ear = openEar()
  session.leg.onVoice((packet) => {
    heard = [...heard.slice(-49), ear(packet)]
  })
  const phone = await startBaresip(atEnd, {
    user: '8001',
    password: 'none',
    domain: 'exercise.invalid',
    exchange: await answerCalls(atEnd, session),
  })
  phone.tell('dial', 'sip:60001@exercise.invalid')
  await phone.until('CALL_ESTABLISHED')
  const player = new PlayerLeg({ samples: sine(OURS, 8_000), loop: true })
  atEnd(() => player.close())
  player.onVoice((packet) => session.leg.send(packet))

  const received = (count: number) =>
    until(() => {
      if (session.leg.statistics.packetsReceived < count) throw new Error(`fewer than ${count} packets came`)
    }, patience)
  await received(PACKETS / 6)
  const before = session.leg.statistics
  await runProgram('nft', ['-f', '-'], {
    input: `
      add table inet loss
      add chain inet loss arrival { type filter hook input priority 0; }
      add rule inet loss arrival udp length ${VOICE_OCTETS} numgen random mod 100 < ${percent} drop
    `,
  })
  await received(PACKETS)
  await until(() => {
    if ((session.leg.statistics.lossShareThere ?? 0) === 0) throw new Error('no loss was reported')
  }, patience)
  const after = session.leg.statistics
  const framesHere = heard.slice()
  phone.tell('hangup')
  await phone.until('CALL_CLOSED')
  await phone.kill()
  return {
    before: { loss: before.lossShare, score: before.opinionScore },
    after: { loss: after.lossShare, score: after.opinionScore },
    lossThere: after.lossShareThere ?? 0,
    heardHere: meanShare(THEIRS, framesHere),
    heardThere: meanShare(OURS, framesOf(phone.played()).slice(-50)),
  }
}

/** Frame by frame, for what is lost between them breaks the wave. */
function meanShare(frequency: number, frames: readonly Int16Array[]): number {
  return frames.reduce((sum, frame) => sum + shareOf(frequency, frame), 0) / frames.length
}

function framesOf(samples: Int16Array): Int16Array[] {
  return Array.from({ length: Math.floor(samples.length / 160) }, (_, at) =>
    samples.subarray(at * 160, (at + 1) * 160),
  )
}
