/** How many receivers one core of the SFU serves: one picture of 500 kb/s, passed on to each of them under SRTP. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { createWorker } from 'mediasoup'
import type { Router, Worker } from 'mediasoup/types'
import { videoWorkerBinary } from '../../tests/support/video-worker.ts'
import { type Bench, Collector } from '../bench.ts'
import { cpuSeconds } from '../processes.ts'

const REPEATS = 5
const CONSUMERS = 300
const BITS_PER_S = 500_000
const PACKET_OCTETS = 1_200
const PACKETS_PER_S = BITS_PER_S / 8 / PACKET_OCTETS
const MEASURE_MS = 4_000
const TICK_MS = 5
const HOST = '127.0.0.1'
const SUITE = 'AES_CM_128_HMAC_SHA1_80'
const SSRC = 4711
const PAYLOAD_TYPE = 101

export const sfu: Bench = {
  name: 'sfu',
  about: `one picture of ${BITS_PER_S / 1000} kb/s through mediasoup's worker to ${CONSUMERS} receivers under SRTP: how many a core would serve`,
  targets: {},
  run: async (say) => {
    const collector = new Collector()
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const figures = await measure()
      collector.add(figures)
      say(`${figures.consumersPerCore.toFixed(0)} a core, ${figures.deliveredPct.toFixed(1)} % delivered`)
    }
    return { figures: collector.samples }
  },
}

async function measure() {
  const worker = await createWorker({ workerBin: videoWorkerBinary(), logLevel: 'error' })
  const sender = createSocket('udp4')
  const sink = createSocket('udp4')
  try {
    let received = 0
    let payloadType = -1
    sink.on('message', (bytes) => {
      // Reports come, too.
      if (((bytes[1] ?? 0) & 0x7f) === payloadType) received++
    })
    sink.bind(0, HOST)
    await once(sink, 'listening')
    sink.setRecvBufferSize(8 * 1024 * 1024)
    const router = await openRouter(worker)
    const { producer, port } = await openProducer(router)
    for (let consumer = 0; consumer < CONSUMERS; consumer++)
      payloadType = await openConsumer(router, producer, sink.address().port)
    let sent = 0
    const began = performance.now()
    const sending = setInterval(() => {
      const due = ((performance.now() - began) / 1000) * PACKETS_PER_S
      for (; sent < due; sent++) sender.send(packet(sent), port, HOST)
    }, TICK_MS)
    await delay(500)
    const before = { cpu: cpuSeconds(worker.pid), at: performance.now(), received, sent }
    await delay(MEASURE_MS)
    const seconds = (performance.now() - before.at) / 1000
    const cpu = (cpuSeconds(worker.pid) - before.cpu) / seconds
    const deliveredPct = (100 * (received - before.received)) / ((sent - before.sent) * CONSUMERS)
    clearInterval(sending)
    return { consumersPerCore: CONSUMERS / cpu, cpu, deliveredPct }
  } finally {
    worker.close()
    sender.close()
    sink.close()
  }
}

const openRouter = (worker: Worker): Promise<Router> =>
  worker.createRouter({ mediaCodecs: [{ kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 }] })

async function openProducer(router: Router) {
  const transport = await router.createPlainTransport({ listenIp: HOST, rtcpMux: true, comedia: true })
  const producer = await transport.produce({
    kind: 'video',
    rtpParameters: {
      codecs: [{ mimeType: 'video/VP8', payloadType: PAYLOAD_TYPE, clockRate: 90_000 }],
      encodings: [{ ssrc: SSRC }],
    },
  })
  return { producer: producer.id, port: transport.tuple.localPort }
}

/** Returns the payload type that it gets, which is the router's. */
async function openConsumer(router: Router, producerId: string, port: number): Promise<number> {
  const transport = await router.createPlainTransport({
    listenIp: HOST,
    rtcpMux: true,
    enableSrtp: true,
    srtpCryptoSuite: SUITE,
  })
  const keyBase64 = Buffer.alloc(30, 1).toString('base64')
  await transport.connect({ ip: HOST, port, srtpParameters: { cryptoSuite: SUITE, keyBase64 } })
  const { rtpParameters } = await transport.consume({ producerId, rtpCapabilities: router.rtpCapabilities })
  return rtpParameters.codecs[0]?.payloadType ?? -1
}

/** VP8 as the SFU looks at it: every packet begins a key frame of its own (RFC 7741, 4.2 and 4.3). */
function packet(count: number): Buffer {
  const bytes = Buffer.alloc(PACKET_OCTETS)
  bytes[0] = 0x80
  bytes[1] = 0x80 | PAYLOAD_TYPE
  bytes.writeUInt16BE(count & 0xffff, 2)
  bytes.writeUInt32BE((count * 1_700) >>> 0, 4)
  bytes.writeUInt32BE(SSRC, 8)
  bytes[12] = 0x10
  bytes[13] = 0x00
  return bytes
}
