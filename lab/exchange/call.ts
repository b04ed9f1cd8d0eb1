/** An answered call of a simulated phone: what it does with requests, and its end. */
import { parseNameAddress, parseUri } from './address.ts'
import { afterRequest, type Dialogue, keyOf, requestIn } from './dialogue.ts'
import { type Answer, type Header, header, replyTo, type SipRequest, type SipResponse } from './message.ts'
import { parseAudio, writeAnswer, writeOffer } from './sdp.ts'
import type { Stack } from './stack.ts'
import { type Time, timersOn } from './time.ts'
import { type Peer, type ServerTransaction, T1, T2 } from './transactions.ts'
import type { Heard, Speaker, Voice } from './voice.ts'

export const SDP: Header = ['Content-Type', 'application/sdp']
export const ALLOW: Header = ['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, MESSAGE, REFER']
export const SUPPORTED: Header = ['Supported', 'replaces']

export interface Call {
  readonly key: string
  /** Whoever speaks in it, from the beginning: the same voice goes on where the call is transferred to. */
  readonly speaker: Speaker
  heard(): Heard
  /** Packets of RTP sent. */
  sent(): number
  /** Whether the other side holds. */
  isHeld(): boolean
  /** Takes a request of the other side, other than ACK. */
  take(request: SipRequest, server: ServerTransaction): void
  acknowledged(ack: SipRequest): void
  /** Sends the 2xx of an INVITE, again and again until it is acknowledged (RFC 3261 13.3.1.4). */
  answer(server: ServerTransaction, response: SipResponse): void
  /** Resolves when the other side has confirmed it, or never will. */
  hangUp(): Promise<void>
}

export interface CallOptions {
  readonly stack: Stack
  readonly time: Time
  /** Where everything goes. */
  readonly exchange: Peer
  readonly dialogue: Dialogue
  readonly voice: Voice
  readonly speaker: Speaker
  readonly contact: Header
  /** Hangs up by itself after so many milliseconds. */
  readonly talksForMs: number
  /** Calls whom a REFER names, and tells how that goes. */
  refer(request: Referral, tell: (status: number, reason: string) => void): void
  /** Once, however it ends. */
  ended(heard: Heard): void
}

export interface Referral {
  readonly uri: string
  readonly headers: readonly Header[]
}

/** Milliseconds until somebody who is held looks again whether to wait. */
const PATIENCE_MS = 5_000
/** No call is longer, also if it is held and the other side has gone for good. */
const LONGEST_CALL_MS = 1_800_000
/** Nothing heard for so long by somebody who is not held: the other side is gone, and nobody has said so. */
const VANISHED_MS = 20_000
/** Until a phone that has been connected elsewhere hangs up here, if nobody else does. */
const TRANSFERRED_MS = 10_000

export function openCall(options: CallOptions): Call {
  const { stack, time, exchange, voice, contact } = options
  const timers = timersOn(time)
  let { dialogue } = options
  let over = false
  let isHeld = false
  let isReferring = false
  let version = 1

  const local = () => ({ address: stack.self.address, port: voice.port, session: voice.port, version })

  const send = (method: string, more: readonly Header[] = [], body?: Buffer): Promise<void> => {
    const [request, next] = requestIn(dialogue, method, more, body)
    dialogue = next
    const { promise, resolve } = Promise.withResolvers<void>()
    const sent = stack.ask(request, exchange, {
      response: ({ status }) => {
        if (status >= 200) resolve()
        // The other side knows of no such call any more (12.2.1.2).
        if (status === 481 || status === 408) finish()
      },
      timeout: () => {
        resolve()
        finish()
      },
    })
    if (sent === undefined) resolve()
    return promise
  }
  const finish = () => {
    if (over) return
    over = true
    timers.clearAll()
    const heard = voice.heard()
    voice.close()
    options.ended(heard)
  }
  const hangUp = async () => {
    if (over) return
    const confirmed = send('BYE')
    finish()
    await confirmed
  }
  const hangUpWhenDone = (ms: number) =>
    timers.set('talk', ms, () => (isHeld ? hangUpWhenDone(PATIENCE_MS) : void hangUp()))

  const hangUpWhenVanished = (heardBefore: number) =>
    timers.set('vanished', VANISHED_MS, () => {
      const { packets } = voice.heard()
      if (packets > heardBefore || isHeld) hangUpWhenVanished(packets)
      else void hangUp()
    })

  const answer = (server: ServerTransaction, response: SipResponse) => {
    server.respond(response)
    const repeat = (wait: number) =>
      timers.set('repeat', wait, () => {
        server.respond(response)
        repeat(Math.min(wait * 2, T2))
      })
    repeat(T1)
    timers.set('unacknowledged', 64 * T1, () => void hangUp())
  }

  /** Takes an offer, or makes one where none came; the status where it can't be met. */
  const describe = (offer: Buffer): Buffer | 488 => {
    version++
    if (offer.length === 0) return writeOffer(local())
    const remote = parseAudio(offer)
    if (remote === undefined) return 488
    voice.follow(remote)
    isHeld = remote.direction === 'sendonly' || remote.direction === 'inactive'
    return writeAnswer(remote, local())
  }

  const renegotiate = (request: SipRequest, server: ServerTransaction) => {
    const isInvite = request.method === 'INVITE'
    if (!isInvite && request.body.length === 0)
      return server.respond(replyTo(request, 200, { headers: [contact] }))
    const body = describe(request.body)
    if (body === 488) return server.respond(replyTo(request, 488))
    const response = replyTo(request, 200, { headers: [contact, ALLOW, SUPPORTED, SDP], body })
    if (isInvite) answer(server, response)
    else server.respond(response)
  }

  const refer = (request: SipRequest, server: ServerTransaction) => {
    const reply = (status: number, more: Answer = {}) => server.respond(replyTo(request, status, more))
    const named = parseNameAddress(header(request, 'Refer-To'))?.uri ?? ''
    const uri = parseUri(named)
    if (uri === undefined) return reply(400)
    if (isReferring) return reply(491)
    isReferring = true
    reply(202, { headers: [contact] })
    const notify = (status: number, reason: string) => {
      if (over) return
      const state = status < 200 ? 'active;expires=120' : 'terminated;reason=noresource'
      const more: Header[] = [
        ['Event', 'refer'],
        ['Subscription-State', state],
        ['Content-Type', 'message/sipfrag;version=2.0'],
        contact,
      ]
      void send('NOTIFY', more, Buffer.from(`SIP/2.0 ${status} ${reason}\r\n`))
    }
    notify(100, 'Trying')
    const passed = [...uri.headers].filter(([name]) => name === 'replaces')
    const referredBy = header(request, 'Referred-By')
    const referral: Referral = {
      uri: named.replace(/\?.*$/, ''),
      headers: [
        ...passed.map(([, value]): Header => ['Replaces', value]),
        ...(referredBy === '' ? [] : [['Referred-By', referredBy] as const]),
      ],
    }
    options.refer(referral, (status, reason) => {
      notify(status, reason)
      if (status < 200) return
      isReferring = false
      if (status < 300) timers.set('talk', TRANSFERRED_MS, () => void hangUp())
    })
  }

  hangUpWhenDone(options.talksForMs)
  hangUpWhenVanished(0)
  timers.set('longest', LONGEST_CALL_MS, () => void hangUp())
  return {
    key: keyOf(dialogue),
    speaker: options.speaker,
    heard: voice.heard,
    sent: () => voice.sent,
    isHeld: () => isHeld,
    hangUp,
    answer,
    acknowledged: (ack) => {
      timers.clear('repeat')
      timers.clear('unacknowledged')
      const answered = ack.body.length === 0 ? undefined : parseAudio(ack.body)
      if (answered !== undefined) voice.follow(answered)
    },
    take: (request, server) => {
      const next = afterRequest(dialogue, request)
      if (next === undefined) return server.respond(replyTo(request, 500))
      dialogue = next
      const { method } = request
      if (method === 'INVITE' || method === 'UPDATE') renegotiate(request, server)
      else if (method === 'REFER') refer(request, server)
      else if (method === 'BYE') {
        server.respond(replyTo(request, 200))
        finish()
      } else if (method === 'SUBSCRIBE') server.respond(replyTo(request, 489))
      else if (known.has(method)) server.respond(replyTo(request, 200, { headers: [ALLOW] }))
      else server.respond(replyTo(request, 405, { headers: [ALLOW] }))
    },
  }
}

/** Taken note of, and nothing more. */
const known = new Set(['OPTIONS', 'INFO', 'MESSAGE', 'NOTIFY'])
