/**
 * One of two seats on either side of a network that loses packets of voice. Run in a network of its own by
 * `talkAcross`: the near one makes the network and starts the far one in another. Each listens, then talks; the near
 * one tells in its last line what was heard at both.
 */
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { openAirSeat } from './air-seat.ts'
import { endings } from './at-end.ts'
import { runProgram, startProgram } from './processes.ts'
import type { TalkAcross } from './talk-across.ts'
import { loudness, shareOf } from './tone.ts'
import { until } from './until.ts'

const [NEAR, FAR] = [700, 1_100]
const group = { kind: 'rtp', address: '239.7.7.7', port: 15_004, codec: 'PCMA' } as const
/** UDP datagrams with 20 ms of G.711. */
const VOICE_OCTETS = 8 + 12 + 160
/** How long each talks: enough packets for the loss to show. */
const TALK_MS = 3_000

const [role = '', percent = '0'] = process.argv.slice(2)
const { atEnd, run } = endings()
try {
  if (role === 'far') await beFar()
  else process.stdout.write(`\n${JSON.stringify(await beNear(Number(percent)))}\n`)
} finally {
  await run()
}

async function openCard(card: string, address: string): Promise<void> {
  await runProgram('ip', ['link', 'set', 'lo', 'up'])
  await runProgram('ip', ['addr', 'add', `${address}/24`, 'dev', card])
  await runProgram('ip', ['link', 'set', card, 'up'])
  await runProgram('nft', ['-f', '-'], {
    input: `
      add table inet loss
      add chain inet loss arrival { type filter hook input priority 0; }
      add rule inet loss arrival udp length ${VOICE_OCTETS} numgen random mod 100 < ${percent} drop
    `,
  })
}

async function beNear(percent: number): Promise<TalkAcross> {
  await runProgram('ip', ['link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far'])
  const script = fileURLToPath(import.meta.url)
  const far = startProgram(atEnd, 'unshare', ['--net', process.execPath, script, 'far', `${percent}`])
  const says = (word: string) =>
    until(() => {
      if (!far.said().includes(`${word}\n`)) throw new Error(`the far seat is not ${word}: ${far.said()}`)
    })
  await says('alone')
  // `unshare` has become the program: its network has its pid.
  await runProgram('ip', ['link', 'set', 'far', 'netns', `${far.process.pid}`])
  await openCard('near', '10.7.7.1')
  const seat = await openAirSeat(
    atEnd,
    { ...group, interface: '10.7.7.1' },
    { account: 'north-officer', hz: NEAR },
  )
  far.process.stdin?.write('open\n')
  await says('up')
  const key = seat.press()
  await new Promise((resolve) => setTimeout(resolve, TALK_MS))
  far.process.stdin?.write('talk\n')
  key.up()
  await until(() => {
    if (seat.channel().reception.squelch === 'closed') throw new Error('nothing is heard')
  })
  await new Promise((resolve) => setTimeout(resolve, TALK_MS))
  const near = heardBy(seat, FAR)
  far.process.stdin?.write('end\n')
  if ((await far.ended) !== 0) throw new Error(`the far seat failed: ${far.said()}`)
  return { near, far: JSON.parse(far.said().trim().split('\n').at(-1) ?? '') }
}

async function beFar(): Promise<void> {
  const lines = createInterface(process.stdin)[Symbol.asyncIterator]()
  process.stdout.write('alone\n')
  await lines.next()
  await openCard('far', '10.7.7.2')
  const seat = await openAirSeat(
    atEnd,
    { ...group, interface: '10.7.7.2' },
    { account: 'south-officer', hz: FAR },
  )
  process.stdout.write('up\n')
  await lines.next()
  const heard = heardBy(seat, NEAR)
  await until(() => {
    if (seat.channel().reception.squelch === 'open') throw new Error('the other still talks')
  })
  const key = seat.press()
  await lines.next()
  key.up()
  process.stdout.write(`\n${JSON.stringify(heard)}\n`)
  process.stdin.destroy()
}

function heardBy(seat: Awaited<ReturnType<typeof openAirSeat>>, hz: number): TalkAcross['near'] {
  const sound = seat.heard()
  const opened = seat.history.filter(
    ({ reception }, at) => reception.squelch === 'open' && seat.history[at - 1]?.reception.squelch !== 'open',
  )
  return {
    share: shareOf(hz, sound),
    loudness: loudness(sound),
    talkSpurts: opened.length,
    lost: seat.lost(),
  }
}
