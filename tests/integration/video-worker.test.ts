import { randomBytes } from 'node:crypto'
import { createWorker } from 'mediasoup'
import type { PlainTransport, Producer, Router, SrtpCryptoSuite, Worker } from 'mediasoup/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endings } from '../support/at-end.ts'
import { videoWorkerBinary } from '../support/video-worker.ts'

const opus = {
  kind: 'audio',
  mimeType: 'audio/opus',
  clockRate: 48_000,
  channels: 2,
  preferredPayloadType: 100,
} as const
const SSRC = 1_111
const PACKETS = 60

/** Master key and salt together, bytes (RFC 3711, 8.2; RFC 7714, 12). */
const keyLengths: Readonly<Record<SrtpCryptoSuite, number>> = {
  AEAD_AES_256_GCM: 44,
  AEAD_AES_128_GCM: 28,
  AES_CM_128_HMAC_SHA1_80: 30,
  AES_CM_128_HMAC_SHA1_32: 30,
}

describe('the video worker', () => {
  const { atEnd, run } = endings()
  let router: Router
  let elsewhere: Router

  beforeAll(async () => {
    router = await routerOf(await startWorker())
    elsewhere = await routerOf(await startWorker())
  })
  afterAll(run)

  const startWorker = async (): Promise<Worker> => {
    const worker = await createWorker({ workerBin: videoWorkerBinary(), logLevel: 'warn' })
    atEnd(() => worker.close())
    return worker
  }
  const routerOf = (worker: Worker) => worker.createRouter({ mediaCodecs: [opus] })

  it.each(Object.keys(keyLengths) as SrtpCryptoSuite[])('carries voice protected with %s', async (suite) => {
    const talker = await produce(router)
    const [from, to] = await protectedPair(router, suite)
    const { rtpParameters } = await from.consume({
      producerId: talker.id,
      rtpCapabilities: router.rtpCapabilities,
    })
    const arrived = await to.produce({
      kind: 'audio',
      rtpParameters: {
        codecs: rtpParameters.codecs,
        encodings: (rtpParameters.encodings ?? []).flatMap(({ ssrc }) =>
          ssrc === undefined ? [] : [{ ssrc }],
        ),
        rtcp: { cname: 'far' },
      },
    })
    await expectVoice(talker, arrived, router)
  })

  it('carries voice to another worker, protected', async () => {
    const talker = await produce(router)
    const { pipeProducer } = await router.pipeToRouter({
      producerId: talker.id,
      router: elsewhere,
      enableSrtp: true,
    })
    if (pipeProducer === undefined) throw new Error('nothing came out at the other worker')
    await expectVoice(talker, pipeProducer, elsewhere)
  })
})

const produce = async (router: Router): Promise<Producer> =>
  (await router.createDirectTransport()).produce({
    kind: 'audio',
    rtpParameters: {
      codecs: [{ mimeType: opus.mimeType, payloadType: 100, clockRate: 48_000, channels: 2 }],
      encodings: [{ ssrc: SSRC }],
      rtcp: { cname: 'near' },
    },
  })

async function protectedPair(
  router: Router,
  suite: SrtpCryptoSuite,
): Promise<[PlainTransport, PlainTransport]> {
  const options = {
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    rtcpMux: true,
    enableSrtp: true,
    srtpCryptoSuite: suite,
  } as const
  const one = await router.createPlainTransport(options)
  const other = await router.createPlainTransport(options)
  const connect = async (from: PlainTransport, to: PlainTransport) => {
    if (to.srtpParameters === undefined) throw new Error('the transport is not protected')
    await from.connect({ ip: '127.0.0.1', port: to.tuple.localPort, srtpParameters: to.srtpParameters })
  }
  await connect(one, other)
  await connect(other, one)
  for (const transport of [one, other])
    expect(transport.srtpParameters).toMatchObject({
      cryptoSuite: suite,
      keyBase64: expect.toSatisfy((key: string) => Buffer.from(key, 'base64').length === keyLengths[suite]),
    })
  return [one, other]
}

/** What the talker sends comes to whoever listens there, unchanged. */
async function expectVoice(talker: Producer, arrived: Producer, there: Router): Promise<void> {
  const payload = randomBytes(40)
  const ear = await (await there.createDirectTransport()).consume({
    producerId: arrived.id,
    rtpCapabilities: there.rtpCapabilities,
  })
  let heard = 0
  ear.on('rtp', (packet) => {
    if (packet.subarray(-payload.length).equals(payload)) heard++
  })
  let sequence = 0
  await expect
    .poll(() => {
      for (let packet = 0; packet < PACKETS / 10; packet++) talker.send(rtp(sequence++, payload))
      return heard
    })
    .toBeGreaterThan(PACKETS)
}

/** RFC 3550, 5.1. */
function rtp(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(12)
  header[0] = 0x80
  header[1] = 100
  header.writeUInt16BE(sequence & 0xffff, 2)
  header.writeUInt32BE(sequence * 960, 4)
  header.writeUInt32BE(SSRC, 8)
  return Buffer.concat([header, payload])
}
