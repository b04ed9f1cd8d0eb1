/**
 * Pictures and sound between a console's page and the hub's SFU: what the two say to set them up. Shapes and names are
 * mediasoup's, so that mediasoup-client takes and gives them as they are; it and the SFU check what they mean.
 */
import * as z from 'zod'
import type { SeatSession } from './hub.ts'

const shortText = z.string().max(200)
const payloadTypeSchema = z.int().min(0).max(127)
const kindSchema = z.enum(['audio', 'video'])
export type MediaKind = z.infer<typeof kindSchema>

const formatParametersSchema = z
  .record(z.string().max(60), z.union([shortText, z.number(), z.boolean(), z.null()]))
  .refine((parameters) => Object.keys(parameters).length <= 40, 'at most 40 parameters')
const feedbackSchema = z.array(z.object({ type: shortText, parameter: shortText.exactOptional() })).max(20)

/** What a page can receive. */
const rtpCapabilitiesSchema = z.object({
  codecs: z
    .array(
      z.object({
        kind: kindSchema,
        mimeType: shortText,
        preferredPayloadType: payloadTypeSchema,
        clockRate: z.int().min(1).max(1_000_000),
        channels: z.int().min(1).max(8).exactOptional(),
        parameters: formatParametersSchema.exactOptional(),
        rtcpFeedback: feedbackSchema.exactOptional(),
      }),
    )
    .max(100),
  headerExtensions: z
    .array(
      z.object({
        kind: kindSchema,
        uri: shortText,
        preferredId: z.int().min(0).max(255),
        preferredEncrypt: z.boolean().exactOptional(),
        direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).exactOptional(),
      }),
    )
    .max(60),
})
export type RtpCapabilities = z.infer<typeof rtpCapabilitiesSchema>

const ssrcSchema = z.int().min(0).max(0xffff_ffff)

/** What one track is sent as. */
const rtpParametersSchema = z.object({
  mid: z.string().max(32).exactOptional(),
  codecs: z
    .array(
      z.object({
        mimeType: shortText,
        payloadType: payloadTypeSchema,
        clockRate: z.int().min(1).max(1_000_000),
        channels: z.int().min(1).max(8).exactOptional(),
        parameters: formatParametersSchema.exactOptional(),
        rtcpFeedback: feedbackSchema.exactOptional(),
      }),
    )
    .min(1)
    .max(20),
  headerExtensions: z
    .array(z.object({ uri: shortText, id: z.int().min(1).max(255), encrypt: z.boolean().exactOptional() }))
    .max(40)
    .exactOptional(),
  /** More than one is simulcast. */
  encodings: z
    .array(
      z.object({
        ssrc: ssrcSchema.exactOptional(),
        rid: z.string().max(16).exactOptional(),
        codecPayloadType: payloadTypeSchema.exactOptional(),
        rtx: z.object({ ssrc: ssrcSchema }).exactOptional(),
        dtx: z.boolean().exactOptional(),
        scalabilityMode: z.string().max(20).exactOptional(),
        maxBitrate: z.number().min(0).exactOptional(),
      }),
    )
    .min(1)
    .max(4),
  rtcp: z
    .object({ cname: z.string().max(100).exactOptional(), reducedSize: z.boolean().exactOptional() })
    .exactOptional(),
})
export type RtpParameters = z.infer<typeof rtpParametersSchema>

/** Who the other end of the handshake is (RFC 8122). */
const dtlsParametersSchema = z.object({
  role: z.enum(['auto', 'client', 'server']).exactOptional(),
  fingerprints: z
    .array(
      z.object({
        algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
        value: z.string().regex(/^([0-9A-Fa-f]{2}:){19,63}[0-9A-Fa-f]{2}$/, 'a fingerprint in hexadecimal'),
      }),
    )
    .min(1)
    .max(8),
})
export type DtlsParameters = z.infer<typeof dtlsParametersSchema>

/** What a track that a seat sends is of. */
const trackKinds = ['microphone', 'camera', 'screen', 'screen-sound'] as const
export type TrackKind = (typeof trackKinds)[number]
export const mediaOf: Readonly<Record<TrackKind, MediaKind>> = {
  microphone: 'audio',
  camera: 'video',
  screen: 'video',
  'screen-sound': 'audio',
}

/** A page in a room, or at the sources. The hub gives it out, and takes it from the same session only. */
const peer = { peer: z.uuid() }
const transport = { ...peer, transport: z.uuid() }
const producer = { ...peer, producer: z.uuid() }
const consumer = { ...peer, consumer: z.uuid() }

export const openTransportSchema = z.strictObject({ ...peer, direction: z.enum(['send', 'receive']) })
export const connectTransportSchema = z.strictObject({ ...transport, dtlsParameters: dtlsParametersSchema })
export const oneTransportSchema = z.strictObject(transport)
export const produceSchema = z.strictObject({
  ...transport,
  track: z.enum(trackKinds),
  rtpParameters: rtpParametersSchema,
})
export const oneProducerSchema = z.strictObject(producer)
export const consumeSchema = z.strictObject({
  ...transport,
  producer: z.uuid(),
  rtpCapabilities: rtpCapabilitiesSchema,
})
export const oneConsumerSchema = z.strictObject(consumer)
export const pauseProducerSchema = z.strictObject({ ...producer, paused: z.boolean() })
export const pauseConsumerSchema = z.strictObject({ ...consumer, paused: z.boolean() })
/** Of simulcast: the highest that is wanted, 0 the lowest. */
export const preferLayersSchema = z.strictObject({
  ...consumer,
  spatial: z.int().min(0).max(3),
  temporal: z.int().min(0).max(7).nullable(),
})

export const producedSchema = z.object({ producer: z.uuid() })

/** As RTCPeerConnection takes it. */
export interface IceServer {
  readonly urls: readonly string[]
  readonly username: string
  readonly credential: string
}

/** One end of a WebRTC transport at the SFU, as mediasoup-client's createSendTransport() and createRecvTransport() take it. */
export interface TransportOffer {
  readonly id: string
  readonly iceParameters: {
    readonly usernameFragment: string
    readonly password: string
    readonly iceLite?: boolean
  }
  readonly iceCandidates: readonly object[]
  readonly dtlsParameters: DtlsParameters
  /** Of a site that has a relay. */
  readonly iceServers?: readonly IceServer[]
  /** `relay`: no other way is tried. */
  readonly iceTransportPolicy?: 'all' | 'relay'
}

/** As mediasoup-client's consume() takes it. It is paused until the page resumes it. */
export interface ConsumerOffer {
  readonly id: string
  readonly producerId: string
  readonly kind: MediaKind
  readonly rtpParameters: RtpParameters
}

/** The first that a page is told. */
export interface PeerWelcome {
  readonly kind: 'attending'
  readonly peer: string
  /** What the SFU takes and gives: the page's device is loaded with it. */
  readonly rtpCapabilities: RtpCapabilities
}

/** What happens at the SFU to something that the page receives. */
export type ConsumerTelling =
  | { readonly kind: 'consumer-closed'; readonly consumer: string }
  /** Whoever sends has paused, was muted, or goes on. */
  | { readonly kind: 'consumer-paused'; readonly consumer: string; readonly paused: boolean }
  /** How well it comes: 0 (nothing) to 10, at the sender and on its way to the page. */
  | {
      readonly kind: 'consumer-score'
      readonly consumer: string
      readonly sender: number
      readonly receiver: number
    }
  /** Which layer of simulcast comes just now; null: none. */
  | {
      readonly kind: 'consumer-layer'
      readonly consumer: string
      readonly spatial: number | null
      readonly temporal: number | null
    }

/** A track that can be received. */
export interface Track {
  readonly producer: string
  readonly kind: MediaKind
  readonly track: TrackKind
  /** Its sender has paused it, or was muted. */
  readonly paused: boolean
}

/** The SFU behind the hub contract. Whatever is not of the session's own page is not found. */
export interface PeersPort {
  /** A page has one of each direction; another in its place ends the first. */
  openTransport(session: SeatSession, asked: z.infer<typeof openTransportSchema>): Promise<TransportOffer>
  connectTransport(session: SeatSession, asked: z.infer<typeof connectTransportSchema>): Promise<void>
  restartIce(
    session: SeatSession,
    asked: z.infer<typeof oneTransportSchema>,
  ): Promise<TransportOffer['iceParameters']>
  produce(session: SeatSession, asked: z.infer<typeof produceSchema>): Promise<z.infer<typeof producedSchema>>
  pauseProducer(session: SeatSession, asked: z.infer<typeof pauseProducerSchema>): Promise<void>
  closeProducer(session: SeatSession, asked: z.infer<typeof oneProducerSchema>): void
  consume(session: SeatSession, asked: z.infer<typeof consumeSchema>): Promise<ConsumerOffer>
  pauseConsumer(session: SeatSession, asked: z.infer<typeof pauseConsumerSchema>): Promise<void>
  closeConsumer(session: SeatSession, asked: z.infer<typeof oneConsumerSchema>): void
  preferLayers(session: SeatSession, asked: z.infer<typeof preferLayersSchema>): Promise<void>
}
