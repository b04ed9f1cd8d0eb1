/** The radio: channels that seats hear and key, who talks on them, alarms, and channels joined to one another. */
import * as z from 'zod'
import { hostSchema, idSchema, instantSchema, nameSchema } from './primitives.ts'

/** An IPv4 address. */
const addressSchema = z.ipv4()
/** RTP takes an even port, RTCP the one above (RFC 3550, 11). */
const rtpPortSchema = z
  .int()
  .min(1024)
  .max(65_534)
  .refine((port) => port % 2 === 0, 'an even port: the one above it is for RTCP')

/** Voice over RTP to an address of a gateway or to a multicast group; a talk-spurt is squelch. */
const rtpAccessSchema = z.strictObject({
  kind: z.literal('rtp'),
  /** Where it is sent; 224.0.0.0 to 239.255.255.255 is a group, that is heard there, too. */
  address: addressSchema,
  port: rtpPortSchema,
  /** Of a gateway: where it is heard here; left out: at `port`. */
  listenPort: rtpPortSchema.optional(),
  /** The address of this machine's interface to the group; left out: the system's choice. */
  interface: addressSchema.optional(),
  codec: z.enum(['PCMU', 'PCMA']).default('PCMA'),
})

/** How a gateway is told of the key and tells of squelch. */
const keyings = ['ed137', 'dtmf', 'info', 'voice'] as const

const keyDigitsSchema = z.string().regex(/^[0-9*#A-D]{1,8}$/, 'digits, * # and A to D, at most 8')

/** A gateway that is a SIP endpoint, kept connected. */
const sipAccessSchema = z
  .strictObject({
    kind: z.literal('sip'),
    /** Asked directly; without a port the transport's usual one (RFC 3263). */
    host: hostSchema,
    port: z.int().min(1).max(65_535).optional(),
    transport: z.enum(['udp', 'tcp', 'tls']).default('udp'),
    /** PEM of the authorities that may vouch for it over TLS; the system's if not given. */
    authorities: z.string().max(100_000).optional(),
    /** What stands before the @. */
    user: z.string().regex(/^[A-Za-z0-9*#._-]{1,40}$/, 'letters, digits and * # . _ -, at most 40'),
    keying: z.enum(keyings).default('ed137'),
    /** Of `dtmf` and `info`: the telephone keys that key the transmitter, and those that let it go; `*` and `#`. */
    keyDigits: keyDigitsSchema.optional(),
    unkeyDigits: keyDigitsSchema.optional(),
    /** As an exchange's: sound is protected (SRTP), with keys in the description or by DTLS, or there is none. */
    srtp: z.union([z.boolean(), z.literal('dtls')]).optional(),
  })
  .refine(({ srtp = false, keying }) => srtp === false || keying !== 'ed137', {
    message: 'ED-137 has no protected sound',
    path: ['srtp'],
  })

/** Letters, digits and hyphens, 1 to 20 characters; a SvxLink reflector takes no others. */
export const callsignSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,19}$/, 'a callsign: letters, digits and hyphens, at most 20')

/** A talkgroup of a SvxLink reflector, entered under the callsign of whoever sits here. */
const svxreflectorAccessSchema = z.strictObject({
  kind: z.literal('svxreflector'),
  host: hostSchema,
  port: z.int().min(1).max(65_535).default(5300),
  talkgroup: z.int().min(1).max(4_294_967_295),
  /** Of a demonstration site only, where it is public; elsewhere each seat keeps its own. */
  password: z.string().min(1).max(200).optional(),
})

export const channelAccessSchema = z.discriminatedUnion('kind', [
  rtpAccessSchema,
  sipAccessSchema,
  svxreflectorAccessSchema,
])
export type ChannelAccess = z.infer<typeof channelAccessSchema>

export const channelSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  /** Where it is used. Without an area and an agency it is for everybody (`mayOnChannel`). */
  area: idSchema.nullable().default(null),
  agency: idSchema.nullable().default(null),
  access: channelAccessSchema,
  /** Whoever runs it may say where it is now (channel.place). */
  placed: z.boolean().default(false),
  /** The longest transmission, s. */
  timeOutS: z.int().min(5).max(600).default(60),
  /** How long the floor stays with the last talker's conversation after the key is up, ms. */
  hangMs: z.int().min(0).max(10_000).default(0),
  /** How many wait for the floor; 0: whoever asks while another talks is refused. */
  queue: z.int().min(0).max(16).default(4),
})
export type Channel = z.infer<typeof channelSchema>

/** Whoever is heard on a channel, as far as the channel tells. */
export const talkerSchema = z.strictObject({
  /** The radio id, callsign or other name that the channel gives; null: it tells none. */
  radio: z.string().min(1).max(64).nullable(),
  unit: idSchema.nullable(),
  /** Of a seat that talks: its account. */
  account: idSchema.nullable(),
  /** Of a seat that talks: its officer, whom not everybody can look up. */
  name: nameSchema.optional(),
})
export type Talker = z.infer<typeof talkerSchema>

/** What the journal keeps of one transmission on a channel. */
export const transmissionRecordSchema = z.strictObject({
  id: z.uuid(),
  channel: idSchema,
  /** `in`: heard; `out`: by this seat. */
  direction: z.enum(['in', 'out']),
  talker: talkerSchema,
  emergency: z.boolean(),
  startedAt: instantSchema,
  endedAt: instantSchema,
  /** That its officer had selected, or that its unit was under way for. */
  incidents: z.array(idSchema).max(8).optional(),
})
export type TransmissionRecord = z.infer<typeof transmissionRecordSchema>
