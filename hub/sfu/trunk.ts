/** A stream between a seat's engine and a place of the SFU: one voice in, and those of the place out, under SRTP. */
import { randomInt } from 'node:crypto'
import type { Consumer, PlainTransport, Producer } from 'mediasoup/types'
import type { CarriedStream } from '../../contract/carried.ts'
import type { Place } from './sfu.ts'
import { checked } from './wire.ts'

const SUITE = 'AES_CM_128_HMAC_SHA1_80'
const PAYLOAD_TYPE = 111

export interface Trunk {
  readonly producer: Producer
  readonly host: string
  readonly port: number
  /** What its own packets are protected with, 30 octets in base64. */
  readonly key: string
  readonly ssrc: number
  readonly payloadType: number
  /** Sends the seat these from now on, and no others. What can't be sent is left out. */
  hear(producers: readonly Producer[]): Promise<readonly CarriedStream[]>
  close(): void
}

/** `key`: what the seat protects its packets with. Rejects with a `Refusal` if that is none. */
export async function openTrunk(place: Place, key: string, muted: boolean): Promise<Trunk> {
  const transport = await place.router.createPlainTransport({
    listenInfo: place.plain,
    rtcpMux: true,
    // Where the seat is, is seen by its packets.
    comedia: true,
    enableSrtp: true,
    srtpCryptoSuite: SUITE,
  })
  try {
    await checked(transport.connect({ srtpParameters: { cryptoSuite: SUITE, keyBase64: key } }))
    const ssrc = randomInt(1, 2 ** 32)
    const producer = await transport.produce({
      kind: 'audio',
      paused: muted,
      rtpParameters: {
        codecs: [{ mimeType: 'audio/opus', payloadType: PAYLOAD_TYPE, clockRate: 48_000, channels: 2 }],
        encodings: [{ ssrc }],
      },
    })
    const { localAddress: host, localPort: port } = transport.tuple
    const own = transport.srtpParameters?.keyBase64
    if (own === undefined) throw new Error('the transport has no key')
    const consumers = new Map<string, Promise<Consumer | undefined>>()
    return {
      producer,
      host,
      port,
      key: own,
      ssrc,
      payloadType: PAYLOAD_TYPE,
      hear: async (producers) => {
        const wanted = new Set(producers.map(({ id }) => id))
        for (const [id, consumer] of consumers)
          if (!wanted.has(id)) {
            consumers.delete(id)
            void consumer.then((each) => each?.close())
          }
        for (const { id } of producers)
          if (!consumers.has(id)) consumers.set(id, consume(place, transport, id))
        const heard = await Promise.all(consumers.values())
        return heard.flatMap((consumer) =>
          consumer === undefined || consumer.closed ? [] : streamOf(consumer),
        )
      },
      close: () => transport.close(),
    }
  } catch (error) {
    transport.close()
    throw error
  }
}

/** One that has gone meanwhile can't be heard. */
const consume = (place: Place, transport: PlainTransport, id: string): Promise<Consumer | undefined> =>
  transport
    .consume({
      producerId: id,
      rtpCapabilities: { ...place.router.rtpCapabilities, headerExtensions: [] },
    })
    .catch(() => undefined)

const codecNames: Readonly<Record<string, CarriedStream['codec']>> = {
  'audio/opus': 'opus',
  'audio/pcma': 'PCMA',
  'audio/pcmu': 'PCMU',
}

function streamOf({ rtpParameters: { codecs, encodings = [] } }: Consumer): CarriedStream[] {
  const [codec] = codecs
  const [encoding] = encodings
  const name = codec && codecNames[codec.mimeType.toLowerCase()]
  if (codec === undefined || name === undefined || encoding?.ssrc === undefined) return []
  return [{ ssrc: encoding.ssrc, codec: name, payloadType: codec.payloadType }]
}
