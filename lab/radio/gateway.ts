/**
 * A radio gateway with one simulated radio behind it, over real SIP and RTP on UDP: it takes sessions of seats, lets
 * one of them transmit at a time, and plays traffic as if its receiver heard it. By ED-137, or keyed as simpler
 * gateways are: by telephone keys (RFC 4733), by INFO, or by voice.
 */
import { freshToken, parseUri, tagOf, userOf } from '../exchange/address.ts'
import {
  afterRequest,
  type Dialogue,
  invitedDialogue,
  keyOf,
  keyOfRequest,
  requestIn,
} from '../exchange/dialogue.ts'
import { toMuLaw } from '../exchange/g711.ts'
import {
  type Answer,
  type Header,
  header,
  replyTo,
  type SipRequest,
  type SipResponse,
} from '../exchange/message.ts'
import { parseAudio, type RemoteAudio, writeAnswer } from '../exchange/sdp.ts'
import { openStack } from '../exchange/stack.ts'
import { realTime, timersOn } from '../exchange/time.ts'
import { type Peer, type ServerTransaction, T1, T2 } from '../exchange/transactions.ts'
import { SAMPLES } from '../exchange/voice.ts'
import { transmitting } from './air.ts'
import { type Keying, openSeatSession, type SeatSession } from './seat-session.ts'
import { describeRadio, type Ptt, type Status } from './status.ts'

/** What a seat has put on the air. */
interface Transmission {
  readonly user: string
  readonly pttId: number
  /** 1 normal, 3 priority, 4 emergency. */
  readonly ptt: Ptt
  /** Linear, 8 kHz, the first half minute. */
  samples(): Int16Array
  readonly over: boolean
}

export interface Gateway {
  /** Where it is called. */
  readonly self: Peer
  /** Those that are connected. */
  readonly seats: readonly Pick<SeatSession, 'user' | 'pttId' | 'ptt'>[]
  /** The oldest first; the last 20. */
  readonly transmissions: readonly Transmission[]
  /**
   * Somebody is heard, saying this in mu-law, behind all that are heard already. `quality`: 0 to 15. Resolves when it
   * is over.
   */
  receive(clip: Uint8Array, quality?: number): Promise<void>
  /** No packet comes or goes any more until it thaws, though its SIP answers. */
  freeze(): void
  thaw(): void
  /** Whether new sessions are refused. */
  refuse(refuses: boolean): void
  /** Ends its sessions. */
  close(): Promise<void>
  /** Is gone, and nobody is told. */
  kill(): void
}

export interface GatewayOptions {
  readonly host: string
  /** 0: any that is free. */
  readonly port?: number
  /** The user part that it is called by. */
  readonly user: string
  readonly keying?: Keying
  /** Its frequency, as it is written. */
  readonly frequency?: string
  /** It has no transmitter. */
  readonly receivesOnly?: boolean
  /** Its own time-out timer: no transmission is longer, in ms. */
  readonly timeOutMs?: number
  /** A seat is on the air, or none any more. */
  seatTalks?(talks: boolean): void
}

const FRAME_MS = 20
/** After a stall of the process only so many ticks are made up for. */
const MOST_AT_ONCE = 5
const MOST_SEATS = 63
const MOST_TRANSMISSIONS = 20
const LONGEST_SAMPLES = 240_000
/** Frames of a talker that wait to be heard by the others. */
const MOST_WAITING = 5
const FAREWELL_MS = 500
const SDP: Header = ['Content-Type', 'application/sdp']
const ALLOW: Header = ['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO']
const VERSION: Header = ['WG67-Version', 'radio.01']

interface Connected {
  dialogue: Dialogue
  readonly session: SeatSession
  readonly timers: ReturnType<typeof timersOn>
  version: number
  /** The place of its key among those that went down. */
  place: number
}

export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { host, user, keying = 'ed137', frequency = '118.005', timeOutMs = Infinity } = options
  const mode = options.receivesOnly === true ? 'Rx' : 'TxRx'
  const time = realTime
  const connected = new Map<string, Connected>()
  const transmissions: (Transmission & { add(samples: Int16Array): void; end(): void })[] = []
  const clips: { readonly clip: Uint8Array; at: number; readonly quality: number; over(): void }[] = []
  /** Of whoever transmits, on its way to those that listen. */
  const waiting: Uint8Array[] = []
  const cutOff = new Set<number>()
  /** PTT-ids that are given, also to those who are not connected yet. */
  const given = new Set<number>()
  let [places, frozen, refuses, closed, gone] = [0, false, false, false, false]
  let onAir: { readonly pttId: number; readonly ptt: Ptt; readonly since: number } | undefined

  const sessions = () => [...connected.values()].map(({ session }) => session)
  const status = (squelch: boolean): Status => {
    const [clip] = clips
    const quality = clip !== undefined && onAir === undefined ? clip.quality : undefined
    return {
      ptt: onAir?.ptt ?? 0,
      pttId: onAir?.pttId ?? 0,
      squelch,
      ...(squelch && quality !== undefined && { quality }),
    }
  }
  const tellAll = () => {
    if (frozen || keying !== 'ed137') return
    for (const session of sessions()) session.tell(status(false))
  }

  /** Who transmits now, of those whose keys are down. */
  const arbitrate = () => {
    const keys = [...connected.values()]
      .filter(({ session }) => session.ptt !== 0 && !cutOff.has(session.pttId))
      .map(({ session, place }) => ({ pttId: session.pttId, ptt: session.ptt, place }))
    const next = transmitting(keys)
    if (next?.pttId === onAir?.pttId && next?.ptt === onAir?.ptt) return
    if (next?.pttId !== onAir?.pttId) {
      transmissions.at(-1)?.end()
      waiting.length = 0
      const talker = sessions().find(({ pttId }) => pttId === next?.pttId)
      if (next !== undefined && talker !== undefined) begin(talker.user, next.pttId, next.ptt)
    }
    if ((next === undefined) !== (onAir === undefined)) options.seatTalks?.(next !== undefined)
    onAir = next && { pttId: next.pttId, ptt: next.ptt, since: time.now() }
    tellAll()
  }
  const begin = (talker: string, pttId: number, ptt: Ptt) => {
    const pieces: Int16Array[] = []
    let [length, over] = [0, false]
    transmissions.push({
      user: talker,
      pttId,
      ptt,
      samples: () => Int16Array.from(pieces.flatMap((piece) => [...piece])),
      get over() {
        return over
      },
      add: (samples) => {
        if (length < LONGEST_SAMPLES) pieces.push(samples)
        length += samples.length
      },
      end: () => {
        over = true
      },
    })
    if (transmissions.length > MOST_TRANSMISSIONS) transmissions.shift()
  }

  const tick = () => {
    for (const one of [...connected.values()]) if (one.session.isLost()) hangUp(one)
    if (onAir !== undefined && time.now() - onAir.since > timeOutMs) {
      cutOff.add(onAir.pttId)
      arbitrate()
    }
    const [clip] = clips
    const piece = clip?.clip.subarray(clip.at, clip.at + SAMPLES)
    if (clip !== undefined) {
      clip.at += SAMPLES
      if (clip.at >= clip.clip.length) {
        clips.shift()
        clip.over()
      }
    }
    if (frozen) return
    // A radio that transmits hears nothing but itself.
    const heard = onAir === undefined ? piece : waiting.shift()
    const frame = heard?.length === SAMPLES ? heard : undefined
    const now = status(frame !== undefined)
    for (const session of sessions()) session.tick(frame, now)
  }
  const began = time.now()
  let ticks = 0
  const run = () => {
    const due = Math.floor((time.now() - began) / FRAME_MS)
    ticks = Math.max(ticks, due - MOST_AT_ONCE)
    for (; ticks < due; ticks++) tick()
    stopTicking = time.later(Math.max(0, began + (ticks + 1) * FRAME_MS - time.now()), run)
  }
  let stopTicking = time.later(0, run)

  const contact: () => Header = () => ['Contact', `<sip:${user}@${stack.self.address}:${stack.self.port}>`]
  const forget = (one: Connected) => {
    connected.delete(keyOf(one.dialogue))
    given.delete(one.session.pttId)
    one.timers.clearAll()
    one.session.close()
    arbitrate()
  }
  const hangUp = (one: Connected): Promise<void> => {
    forget(one)
    const [bye] = requestIn(one.dialogue, 'BYE', [VERSION])
    const { promise, resolve } = Promise.withResolvers<void>()
    const to = parseUri(one.dialogue.target)
    const peer = { address: to?.host ?? host, port: to?.port ?? 5060 }
    const sent = stack.ask(bye, peer, {
      response: ({ status: code }) => code >= 200 && resolve(),
      timeout: resolve,
    })
    if (sent === undefined) resolve()
    return promise
  }

  const describe = (
    offer: RemoteAudio,
    { session, version }: Pick<Connected, 'session' | 'version'>,
  ): Buffer => {
    const local = { address: stack.self.address, port: session.port, session: session.port, version }
    return keying === 'ed137'
      ? describeRadio(offer, local, { pttId: session.pttId, fid: frequency, mode })
      : writeAnswer(offer, local)
  }
  /** The 2xx of an INVITE, again and again until it is acknowledged (RFC 3261 13.3.1.4). */
  const answer = (one: Connected, server: ServerTransaction, response: SipResponse) => {
    server.respond(response)
    const repeat = (wait: number) =>
      one.timers.set('repeat', wait, () => {
        server.respond(response)
        repeat(Math.min(wait * 2, T2))
      })
    repeat(T1)
    one.timers.set('unacknowledged', 64 * T1, () => void hangUp(one))
  }

  const invited = async (request: SipRequest, server: ServerTransaction) => {
    const tag = freshToken()
    const reply = (code: number, more: Answer = {}) =>
      server.respond(replyTo(request, code, { tag, ...more }))
    const remote = parseAudio(request.body)
    const pttId = Array.from({ length: MOST_SEATS }, (_nothing, at) => at + 1).find((id) => !given.has(id))
    if (parseUri(request.uri)?.user !== user) return reply(404)
    if (refuses || pttId === undefined) return reply(486)
    const dialogue = invitedDialogue(request, tag)
    if (dialogue === undefined) return reply(400)
    const isRadio = header(request, 'Subject').toLowerCase() === 'radio'
    if (remote === undefined || (keying === 'ed137' && !isRadio)) return reply(488)
    given.add(pttId)
    const session = await openSeatSession({
      host,
      keying,
      pttId,
      user: userOf(header(request, 'From')),
      remote,
      now: time.now,
      keyed: () => {
        cutOff.delete(pttId)
        one.place = ++places
        arbitrate()
      },
      spoke: (samples) => {
        if (frozen || onAir?.pttId !== pttId) return
        transmissions.at(-1)?.add(samples)
        waiting.push(Uint8Array.from(samples, toMuLaw))
        if (waiting.length > MOST_WAITING) waiting.shift()
      },
    })
    const one: Connected = { dialogue, session, timers: timersOn(time), version: 1, place: 0 }
    if (closed) return session.close()
    connected.set(keyOf(dialogue), one)
    const body = describe(remote, one)
    answer(one, server, replyTo(request, 200, { tag, headers: [contact(), ALLOW, VERSION, SDP], body }))
  }

  const within = (one: Connected, request: SipRequest, server: ServerTransaction) => {
    const next = afterRequest(one.dialogue, request)
    if (next === undefined) return server.respond(replyTo(request, 500))
    one.dialogue = next
    const { method } = request
    if (method === 'BYE') {
      server.respond(replyTo(request, 200))
      forget(one)
    } else if (method === 'INVITE') {
      const offer = parseAudio(request.body)
      if (offer === undefined) return server.respond(replyTo(request, 488))
      one.version++
      one.session.follow(offer)
      const headers = [contact(), ALLOW, VERSION, SDP]
      answer(one, server, replyTo(request, 200, { headers, body: describe(offer, one) }))
    } else if (method === 'INFO') {
      const digit = /^\s*signal\s*=\s*([0-9*#A-D])\s*$/im.exec(request.body.toString('utf8'))?.[1]
      if (keying === 'info' && digit !== undefined) one.session.press(digit)
      server.respond(replyTo(request, digit === undefined ? 415 : 200))
    } else server.respond(replyTo(request, 405, { headers: [ALLOW] }))
  }

  const onRequest = (request: SipRequest, from: Peer) => {
    const { method } = request
    const one = connected.get(keyOfRequest(request))
    if (method === 'ACK') {
      one?.timers.clear('repeat')
      one?.timers.clear('unacknowledged')
      return
    }
    const server = stack.serve(request, from)
    if (server === undefined) return
    const reply = (code: number, more: Answer = {}) =>
      server.respond(replyTo(request, code, { tag: freshToken(), ...more }))
    if (one !== undefined) within(one, request, server)
    else if (tagOf(header(request, 'To')) !== '') reply(481)
    else if (method === 'INVITE') void invited(request, server).catch(() => reply(500))
    else if (method === 'OPTIONS') reply(200, { headers: [ALLOW, ['Accept', 'application/sdp']] })
    // It answers at once: there is nothing left to cancel.
    else if (method === 'CANCEL') reply(481)
    else reply(405, { headers: [ALLOW] })
  }

  const stack = await openStack({ host, port: options.port ?? 0, time, onRequest })
  const kill = () => {
    if (gone) return
    gone = true
    closed = true
    stopTicking()
    for (const { session, timers } of connected.values()) {
      timers.clearAll()
      session.close()
    }
    connected.clear()
    for (const { over } of clips.splice(0)) over()
    stack.close()
  }
  return {
    self: stack.self,
    get seats() {
      return sessions()
    },
    transmissions,
    receive: (clip, quality = 12) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      clips.push({ clip, at: 0, quality, over: resolve })
      return promise
    },
    freeze: () => {
      frozen = true
    },
    thaw: () => {
      frozen = false
    },
    refuse: (value) => {
      refuses = value
    },
    close: async () => {
      closed = true
      const { promise, resolve } = Promise.withResolvers<void>()
      const stopWaiting = time.later(FAREWELL_MS, resolve)
      await Promise.race([promise, Promise.all([...connected.values()].map(hangUp))])
      stopWaiting()
      kill()
    },
    kill,
  }
}
