/** Two pages in a room, in a network of their own. Run by `meetAcross`; tells what was seen in its last line. */
import { randomBytes } from 'node:crypto'
import { endings } from './at-end.ts'
import { startCoturn } from './coturn.ts'
import { runProgram } from './processes.ts'
import type { MetAcross, RoomNetwork } from './room-network.ts'
import { until } from './until.ts'
import { startVideoHub } from './video-hub.ts'
import { openVideoBrowser } from './video-page.ts'
import { openVideoSeat } from './video-seat.ts'

const patience = { timeout: 60_000, interval: 100 }
const SFU = '127.0.0.10'
const RELAY = '127.0.0.20'
/** So many more pictures, and the sound beside them, are enough to see that they go on. */
const PICTURES = 100
/** So many packets that were kept from the SFU show that it was tried. */
const TRIES = 20

const network: RoomNetwork = JSON.parse(process.argv[2] ?? '')
const secret = randomBytes(24).toString('hex')
const { atEnd, run } = endings()
try {
  await runProgram('ip', ['link', 'set', 'lo', 'up'])
  const met = await meet()
  process.stdout.write(`\n${JSON.stringify(met)}\n`)
} finally {
  await run()
}

async function meet(): Promise<MetAcross> {
  const relay =
    'relay' in network && network.relay
      ? await startCoturn(atEnd, { address: RELAY, port: 3478, secret })
      : undefined
  const hub = await startVideoHub(atEnd, {
    listen: [{ ip: SFU }],
    ...(relay !== undefined && { turn: { urls: [relay.url], secret, only: false } }),
  })
  const browser = await openVideoBrowser(atEnd)
  if ('relay' in network) await onlyByRelay()
  const [here, there] = [
    await openVideoSeat(atEnd, hub, 'supervisor'),
    await openVideoSeat(atEnd, hub, 'north-officer'),
  ]
  const status = here.watchStatus()
  await until(() => {
    if (status.at(-1)?.video.state !== 'up') throw new Error('there is no video')
  }, patience)
  const { room } = await here.client.rooms.request.mutate({
    kind: 'open',
    name: '会商',
    scope: { kind: 'centre' },
    invite: ['north-officer'],
  })
  const [near, far] = [await here.attend(room), await there.attend(room)]
  const [sender, receiver] = [await browser.open(here), await browser.open(there)]
  const [camera, voice] = [
    await sender.send(near.welcome, 'camera'),
    await sender.send(near.welcome, 'microphone'),
  ]
  for (const producer of [camera, voice]) await receiver.receive(far.welcome, producer)
  const look = async () => {
    const [picture, sound] = [
      await receiver.seen(far.welcome, camera),
      await receiver.seen(far.welcome, voice),
    ]
    return { frames: picture?.frames ?? 0, energy: sound?.energy ?? 0, way: await receiver.way(far.welcome) }
  }
  if ('relay' in network && !network.relay) {
    await until(async () => {
      if ((await counted('refused')) < TRIES) throw new Error('nobody tries to reach the SFU')
    }, patience)
    const { frames, way } = await look()
    return { lost: 0, seen: frames > 0, ...way, logged: hub.logged(), secret }
  }
  const came = await until(async () => {
    const { frames, energy } = await look()
    if (frames === 0 || energy === 0) throw new Error('nothing came')
    return { frames, energy }
  }, patience)
  if ('loss' in network) await lose(network.loss)
  await until(async () => {
    const { frames, energy } = await look()
    if (frames < came.frames + PICTURES || energy <= came.energy) throw new Error('it did not go on')
  }, patience)
  const { way } = await look()
  return {
    lost: 'loss' in network ? (await counted('lost')) / (await counted('whole')) : 0,
    seen: true,
    ...way,
    logged: hub.logged(),
    secret,
  }
}

/** Nobody but the relay speaks with the SFU. */
function onlyByRelay(): Promise<unknown> {
  return runProgram('nft', ['-f', '-'], {
    input: `
      add table inet path
      add counter inet path refused
      add chain inet path departure { type filter hook output priority 0; }
      add rule inet path departure ip daddr ${SFU} ip saddr != { ${SFU}, ${RELAY} } counter name refused drop
      add rule inet path departure ip saddr ${SFU} ip daddr != { ${SFU}, ${RELAY} } drop
    `,
  })
}

function lose(percent: number): Promise<unknown> {
  return runProgram('nft', ['-f', '-'], {
    input: `
      add table inet path
      add counter inet path whole
      add counter inet path lost
      add chain inet path arrival { type filter hook input priority 0; }
      add rule inet path arrival meta l4proto udp ip daddr ${SFU} counter name whole numgen random mod 100 < ${percent} counter name lost drop
      add rule inet path arrival meta l4proto udp ip saddr ${SFU} counter name whole numgen random mod 100 < ${percent} counter name lost drop
    `,
  })
}

/** Of packets, by the kernel. */
async function counted(name: string): Promise<number> {
  const { nftables } = JSON.parse(await runProgram('nft', ['-j', 'list', 'counters'])) as {
    nftables: { counter?: { name: string; packets: number } }[]
  }
  return nftables.find(({ counter }) => counter?.name === name)?.counter?.packets ?? 0
}
