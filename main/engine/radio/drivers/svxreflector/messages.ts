/**
 * What a reflector and a node say to each other: messages over TCP, and packets over UDP. As SvxLink defines them
 * (ReflectorMsg.h): protocol 1 of SvxLink 19.09, which has no talkgroups, and 2 of 24.02, which later reflectors
 * understand, too. What a seat has no use for (who joins, who leaves, states of receivers) is passed over.
 */
import { createHmac } from 'node:crypto'
import { counted, number16, number32, Octets } from './octets.ts'

/** The major number; the minor one is 0 in both. */
export type Protocol = 1 | 2

/** Types of messages over TCP. */
const control = {
  heartbeat: 1,
  protocol: 5,
  downgrade: 6,
  challenge: 10,
  response: 11,
  welcome: 12,
  error: 13,
  serverInfo: 100,
  talkerStart: 104,
  talkerStop: 105,
  selectTalkgroup: 106,
} as const

export type FromReflector =
  | { readonly kind: 'heartbeat' }
  /** It knows no protocol as new as that. */
  | { readonly kind: 'downgrade' }
  | { readonly kind: 'challenge'; readonly challenge: Uint8Array }
  | { readonly kind: 'welcome' }
  | { readonly kind: 'error'; readonly text: string }
  /** `client`: by which packets name us. */
  | { readonly kind: 'server-info'; readonly client: number; readonly codecs: readonly string[] }
  /** `talkgroup`: null in protocol 1. */
  | {
      readonly kind: 'talker-start' | 'talker-stop'
      readonly talkgroup: number | null
      readonly callsign: string
    }
  | { readonly kind: 'other' }

const CHALLENGE_OCTETS = 20
const callsignPattern = /^[^\p{Cc}]{1,64}$/u

/** Nothing where it can't be understood. */
export function readMessage(bytes: Uint8Array, protocol: Protocol): FromReflector | undefined {
  const octets = new Octets(bytes)
  switch (octets.number16()) {
    case undefined:
      return undefined
    case control.heartbeat:
      return { kind: 'heartbeat' }
    case control.downgrade:
      return { kind: 'downgrade' }
    case control.challenge: {
      const challenge = octets.octets()
      return challenge?.length === CHALLENGE_OCTETS ? { kind: 'challenge', challenge } : undefined
    }
    case control.welcome:
      return { kind: 'welcome' }
    case control.error: {
      const text = octets.text()
      return text === undefined ? undefined : { kind: 'error', text }
    }
    case control.serverInfo:
      return serverInfo(octets)
    case control.talkerStart:
      return talker('talker-start', octets, protocol)
    case control.talkerStop:
      return talker('talker-stop', octets, protocol)
    default:
      return { kind: 'other' }
  }
}

/** Two octets that mean nothing, our number, who is there, and the codecs. */
function serverInfo(octets: Octets): FromReflector | undefined {
  octets.number16()
  const client = octets.number16()
  const nodes = octets.texts()
  const codecs = octets.texts()
  if (client === undefined || nodes === undefined || codecs === undefined) return undefined
  return { kind: 'server-info', client, codecs }
}

function talker(
  kind: 'talker-start' | 'talker-stop',
  octets: Octets,
  protocol: Protocol,
): FromReflector | undefined {
  const talkgroup = protocol === 1 ? null : octets.number32()
  const callsign = octets.text()
  if (talkgroup === undefined || callsign === undefined) return undefined
  return callsignPattern.test(callsign) ? { kind, talkgroup, callsign } : undefined
}

export const heartbeat: Buffer = number16(control.heartbeat)

export const protocolVersion = (protocol: Protocol): Buffer =>
  Buffer.concat([number16(control.protocol), number16(protocol), number16(0)])

/** Proves that we know the password, which is not sent. */
export const response = (callsign: string, password: string, challenge: Uint8Array): Buffer =>
  Buffer.concat([
    number16(control.response),
    counted(Buffer.from(callsign)),
    counted(createHmac('sha1', password).update(challenge).digest()),
  ])

export const selectTalkgroup = (talkgroup: number): Buffer =>
  Buffer.concat([number16(control.selectTalkgroup), number32(talkgroup)])

/** Types of packets over UDP, the same in both protocols. */
const packets = { heartbeat: 1, audio: 101, flush: 102, flushed: 103 } as const

/** `sequence`: of all packets of a direction, 16 bits. */
export type ReflectorPacket =
  | { readonly kind: 'audio'; readonly sequence: number; readonly payload: Uint8Array }
  /** `flush`: a talker is at the end. `flushed`: the answer to it. */
  | { readonly kind: 'heartbeat' | 'flush' | 'flushed' | 'other'; readonly sequence: number }

/** Nothing where it isn't one for `client`. The payload is a view into `bytes`. */
export function readPacket(bytes: Uint8Array, client: number): ReflectorPacket | undefined {
  const octets = new Octets(bytes)
  const [type, named, sequence] = [octets.number16(), octets.number16(), octets.number16()]
  if (sequence === undefined || named !== client) return undefined
  switch (type) {
    case packets.heartbeat:
      return { kind: 'heartbeat', sequence }
    case packets.audio: {
      const payload = octets.octets()
      return payload === undefined || payload.length === 0 ? undefined : { kind: 'audio', sequence, payload }
    }
    case packets.flush:
      return { kind: 'flush', sequence }
    case packets.flushed:
      return { kind: 'flushed', sequence }
    default:
      return { kind: 'other', sequence }
  }
}

export const writePacket = (
  kind: 'heartbeat' | 'audio' | 'flush',
  client: number,
  sequence: number,
  payload?: Uint8Array,
): Buffer =>
  Buffer.concat([
    number16(packets[kind]),
    number16(client),
    number16(sequence),
    ...(payload === undefined ? [] : [counted(payload)]),
  ])
