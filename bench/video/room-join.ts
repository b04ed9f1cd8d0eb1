/** From asking to join a room to the first picture of who is in it, beside the media alone. */

import { setTimeout as delay } from 'node:timers/promises'
import { createWorker } from 'mediasoup'
import type { Worker } from 'mediasoup/types'
import { codecs } from '../../hub/sfu/codecs.ts'
import { endings } from '../../tests/support/at-end.ts'
import type { TestSeat } from '../../tests/support/seat.ts'
import { until } from '../../tests/support/until.ts'
import { startVideoHub } from '../../tests/support/video-hub.ts'
import { openVideoBrowser, type VideoBrowser } from '../../tests/support/video-page.ts'
import { openVideoSeat } from '../../tests/support/video-seat.ts'
import { videoWorkerBinary } from '../../tests/support/video-worker.ts'
import { type Bench, Collector, percentile } from '../bench.ts'

const REPEATS = 5
const JOINS = 6
/** Chromium makes no key frames within 300 ms of one another, and the SFU asks again after a second only. */
const REST_MS = 600

export const roomJoin: Bench = {
  name: 'room-join',
  about:
    'from asking to join to the first picture of the other on the screen, journalled and judged by the hub, beside mediasoup-client and mediasoup alone in the same browser',
  takes: 'about a minute',
  targets: { ratio: { max: 1.5 } },
  run: async (say) => {
    const { atEnd, run } = endings()
    try {
      const browser = await openVideoBrowser(atEnd)
      const ours = await hubJoins(atEnd, browser)
      const bare = await bareJoins(atEnd, browser)
      const [collector, peer] = [new Collector(), new Collector()]
      // Of code that has never run.
      await ours()
      await bare()
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        const [here, there] = [await several(ours), await several(bare)]
        const [joinP50Ms, alone] = [percentile(here, 0.5), percentile(there, 0.5)]
        collector.add({ joinP50Ms, joinP95Ms: percentile(here, 0.95), ratio: joinP50Ms / alone })
        peer.add({ joinP50Ms: alone, joinP95Ms: percentile(there, 0.95) })
        say(`p50 ${joinP50Ms.toFixed(0)} ms; alone ${alone.toFixed(0)} ms`)
      }
      return { figures: collector.samples, peer: peer.samples }
    } finally {
      await run()
    }
  },
}

async function several(join: () => Promise<number>): Promise<number[]> {
  const all: number[] = []
  for (let nth = 0; nth < JOINS; nth++) {
    await delay(REST_MS)
    all.push(await join())
  }
  return all
}

const now = (): number => performance.timeOrigin + performance.now()

/** An officer who joins, looks and leaves; resolves with ms. */
async function hubJoins(
  atEnd: (end: () => void | Promise<void>) => void,
  browser: VideoBrowser,
): Promise<() => Promise<number>> {
  const hub = await startVideoHub(atEnd, { workers: 1 })
  const [chair, officer] = [
    await openVideoSeat(atEnd, hub, 'supervisor'),
    await openVideoSeat(atEnd, hub, 'north-officer'),
  ]
  const status = chair.watchStatus()
  await until(() => {
    if (status.at(-1)?.video.state !== 'up') throw new Error('there is no video')
  })
  const { room } = await chair.client.rooms.request.mutate({
    kind: 'open',
    name: 'bench',
    scope: { kind: 'centre' },
    invite: ['north-officer'],
  })
  const here = await chair.attend(room)
  const camera = await (await browser.open(chair)).send(here.welcome, 'camera')
  const page = await browser.open(officer)
  return async () => {
    const asked = now()
    const there = await officer.attend(room)
    await page.receive(there.welcome, camera)
    const shown = await page.shownAt(there.welcome, camera)
    there.leave()
    return shown - asked
  }
}

/** The same in the same browser, without a hub: whoever asks is answered by the SFU at once. */
async function bareJoins(
  atEnd: (end: () => void | Promise<void>) => void,
  browser: VideoBrowser,
): Promise<() => Promise<number>> {
  const worker: Worker = await createWorker({ workerBin: videoWorkerBinary(), logLevel: 'error' })
  atEnd(() => worker.close())
  const router = await worker.createRouter({ mediaCodecs: codecs })
  const door = await worker.createWebRtcServer({ listenInfos: [{ protocol: 'udp', ip: '127.0.0.1' }] })
  const transports = new Map<string, Awaited<ReturnType<typeof router.createWebRtcTransport>>>()
  const consumers = new Map<string, { resume(): Promise<void> }>()
  const of = (id: string) => {
    const found = transports.get(id)
    if (found === undefined) throw new Error(`no transport ${id}`)
    return found
  }
  /** mediasoup checks what the page gives. */
  const ask = (work: (input: never) => Promise<unknown>) => ({ mutate: work })
  const peers = {
    openTransport: ask(async () => {
      const transport = await router.createWebRtcTransport({ webRtcServer: door })
      transports.set(transport.id, transport)
      const { id, iceParameters, iceCandidates, dtlsParameters } = transport
      return { id, iceParameters, iceCandidates, dtlsParameters }
    }),
    connectTransport: ask(
      async ({ transport, dtlsParameters }: { transport: string; dtlsParameters: never }) => {
        await of(transport).connect({ dtlsParameters })
      },
    ),
    produce: ask(async ({ transport, rtpParameters }: { transport: string; rtpParameters: never }) => ({
      producer: (await of(transport).produce({ kind: 'video', rtpParameters })).id,
    })),
    consume: ask(
      async ({
        transport,
        producer,
        rtpCapabilities,
      }: {
        transport: string
        producer: string
        rtpCapabilities: never
      }) => {
        const consumer = await of(transport).consume({ producerId: producer, rtpCapabilities, paused: true })
        consumers.set(consumer.id, consumer)
        const { id, kind, rtpParameters } = consumer
        return { id, producerId: producer, kind, rtpParameters }
      },
    ),
    pauseConsumer: ask(async ({ consumer }: { consumer: string }) => {
      await consumers.get(consumer)?.resume()
    }),
  }
  const seat = { client: { peers } } as unknown as TestSeat
  let peer = 0
  const welcome = () => ({ peer: `peer-${++peer}`, rtpCapabilities: router.rtpCapabilities as never })
  const camera = await (await browser.open(seat)).send(welcome(), 'camera')
  const page = await browser.open(seat)
  return async () => {
    const asked = now()
    const own = welcome()
    await page.receive(own, camera)
    return (await page.shownAt(own, camera)) - asked
  }
}
