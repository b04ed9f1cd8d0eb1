/** The simulated phones: user agents of their own behind one socket, reached through the exchange. */
import { freshToken, parseUri, tagOf } from './address.ts'
import { ALLOW, type Call, openCall, type Referral, SDP, SUPPORTED } from './call.ts'
import { type Dialogue, invitedDialogue, keyOfReplaces, keyOfRequest } from './dialogue.ts'
import { type Answer, type Header, header, replyTo, type SipRequest, tokensOf } from './message.ts'
import type { Temperament } from './person.ts'
import { placeCall } from './placing.ts'
import { parseAudio, type RemoteAudio, writeAnswer, writeOffer } from './sdp.ts'
import { openStack, type Stack } from './stack.ts'
import { realTime, timersOn } from './time.ts'
import type { Peer, ServerTransaction } from './transactions.ts'
import type { Heard, Speaker, Voice, Voices } from './voice.ts'
import { openWatchers, type WatchedDialogue } from './watchers.ts'

/** How a call that a phone placed ended. */
type Ended =
  | { readonly kind: 'talked'; readonly heard: Heard }
  | { readonly kind: 'refused'; readonly status: number }

export interface Placed {
  /** Resolves when somebody has answered: true, or when nobody will: false. */
  readonly answered: Promise<boolean>
  readonly ended: Promise<Ended>
  heard(): Heard | undefined
  /** Gives up while it rings, hangs up while talking. */
  hangUp(): void
}

interface Order {
  readonly uri: string
  readonly from: string
  readonly talksForMs: number
  readonly speaker: Speaker
  readonly more?: readonly Header[]
  progress?(status: number, reason: string): void
  failed?(status: number, reason: string): void
}

export interface Phones {
  readonly self: Peer
  /** What the phone of that number has heard in its present call, or in its last. */
  heard(number: string): Heard | undefined
  /** Its present call, the newest if it has two. */
  callOf(number: string): Call | undefined
  hangUp(number: string): void
  place(order: Order): Placed
  /** Calls at present. */
  readonly count: number
  /** Hangs up everywhere, and waits a little for the others to hear it. */
  close(): Promise<void>
}

export interface PhonesOptions {
  readonly host: string
  readonly domain: string
  readonly voices: Voices
  /** Known only once it listens itself. */
  exchange(): Peer
  /** Undefined if there is no such phone. */
  temperament(number: string): Temperament | undefined
  speaker(number: string): Speaker
}

/** Calls at one time, ringing ones too. */
const MOST_CALLS = 250

/** A phone that was told to call somebody talks to them for so long, in milliseconds. */
const REFERRED_TALK_MS = 120_000
const DECLINES_AFTER_MS = 1_500
/** How long the others are waited for at the end, in milliseconds. */
const FAREWELL_MS = 500

export async function openPhones(options: PhonesOptions): Promise<Phones> {
  const { host, domain, voices } = options
  const time = realTime
  const calls = new Map<string, Call>()
  /** The calls of each number, and what was heard in the last that ended. */
  const lines = new Map<string, Set<Call>>()
  const lastHeard = new Map<string, Heard>()
  const ringing = new Map<ServerTransaction, { readonly id: string; readonly number: string; stop(): void }>()
  const placing = new Set<Placed>()
  let closed = false

  const contactOf = (number: string): Header => [
    'Contact',
    `<sip:${number}@${stack.self.address}:${stack.self.port}>`,
  ]
  const sameAsExchange = ({ address, port }: Peer) =>
    address === options.exchange().address && port === options.exchange().port
  /** Whose owner is always on another phone is always in a call that nobody else sees. */
  const dialoguesOf = (number: string): readonly WatchedDialogue[] | undefined => {
    const temperament = options.temperament(number)
    if (temperament === undefined) return undefined
    const early = [...ringing.values()].filter((one) => one.number === number)
    return [
      ...early.map(({ id }) => ({ id, state: 'early' as const })),
      ...[...(lines.get(number) ?? [])].map((_call, at) => ({ id: `c${at}`, state: 'confirmed' as const })),
      ...(temperament.kind === 'busy' ? [{ id: 'own', state: 'confirmed' as const }] : []),
    ]
  }
  const callOf = (number: string) => [...(lines.get(number) ?? [])].at(-1)
  const isBusy = (number: string) =>
    (lines.get(number)?.size ?? 0) > 0 || [...ringing.values()].some((one) => one.number === number)

  const begin = (
    number: string,
    dialogue: Dialogue,
    voice: Voice,
    speaker: Speaker,
    talksForMs: number,
    over?: (heard: Heard) => void,
  ): Call => {
    const call = openCall({
      stack,
      time,
      exchange: options.exchange(),
      dialogue,
      voice,
      speaker,
      contact: contactOf(number),
      talksForMs,
      refer: (referral, tell) => refer(number, speaker, referral, tell),
      ended: (heard) => {
        calls.delete(call.key)
        const others = lines.get(number)
        others?.delete(call)
        if (others?.size === 0) lines.delete(number)
        watchers.changed(number)
        // Of phones of the site only: citizens' numbers are without end.
        if (options.temperament(number) !== undefined) lastHeard.set(number, heard)
        over?.(heard)
      },
    })
    calls.set(call.key, call)
    lines.set(number, (lines.get(number) ?? new Set()).add(call))
    watchers.changed(number)
    return call
  }

  /** Picks up: the answer with the phone's description, and the call. */
  const pickUp = async (
    number: string,
    server: ServerTransaction,
    remote: RemoteAudio | undefined,
    talksForMs: number,
    replaced?: Call,
  ) => {
    const { request } = server
    const tag = freshToken()
    const dialogue = invitedDialogue(request, tag)
    if (dialogue === undefined) {
      ringing.get(server)?.stop()
      return server.respond(replyTo(request, 400, { tag }))
    }
    const speaker = replaced?.speaker ?? options.speaker(number)
    const voice = await voices.open(speaker())
    ringing.get(server)?.stop()
    if (closed || server.isAnswered) return voice.close()
    if (remote !== undefined) voice.follow(remote)
    const local = { address: stack.self.address, port: voice.port, session: voice.port, version: 1 }
    const body = remote === undefined ? writeOffer(local) : writeAnswer(remote, local)
    const call = begin(number, dialogue, voice, speaker, talksForMs)
    const headers = [contactOf(number), ALLOW, SUPPORTED, SDP]
    call.answer(server, replyTo(request, 200, { headers, body, tag }))
    void replaced?.hangUp()
  }

  const invited = (request: SipRequest, server: ServerTransaction) => {
    const number = parseUri(request.uri)?.user ?? ''
    const temperament = options.temperament(number)
    const tag = freshToken()
    const reply = (status: number, more: Answer = {}) =>
      server.respond(replyTo(request, status, { ...more, tag, headers: more.headers ?? [contactOf(number)] }))
    const unsupported = tokensOf(request, 'Require').filter((token) => token !== 'replaces')
    if (unsupported.length > 0) return reply(420, { headers: [['Unsupported', unsupported.join(', ')]] })
    const remote = request.body.length === 0 ? undefined : parseAudio(request.body)
    if (request.body.length > 0 && remote === undefined) return reply(488)
    const replaces = header(request, 'Replaces')
    const talksForMs = temperament?.kind === 'answers' ? temperament.talksForMs : REFERRED_TALK_MS
    if (replaces !== '') {
      const replaced = calls.get(keyOfReplaces(replaces) ?? '')
      if (replaced === undefined || lines.get(number)?.has(replaced) !== true) return reply(481)
      // Who has asked for an early dialogue only may not have this one (RFC 3891 3).
      if (/;\s*early-only/i.test(replaces)) return reply(486)
      void pickUp(number, server, remote, talksForMs, replaced)
      return
    }
    if (temperament === undefined) return reply(404)
    if (temperament.kind === 'busy' || isBusy(number) || calls.size + ringing.size >= MOST_CALLS)
      return reply(486)
    reply(180)
    const timers = timersOn(time)
    const stop = () => {
      timers.clearAll()
      if (ringing.delete(server)) watchers.changed(number)
    }
    ringing.set(server, { id: freshToken(), number, stop })
    watchers.changed(number)
    if (temperament.kind === 'away') return
    const afterMs = temperament.kind === 'answers' ? temperament.afterMs : DECLINES_AFTER_MS
    timers.set('decide', afterMs, () => {
      if (temperament.kind === 'answers') void pickUp(number, server, remote, talksForMs)
      else {
        stop()
        reply(603)
      }
    })
  }

  const cancelled = (request: SipRequest, from: Peer) => {
    const invite = stack.cancelled(request)
    const status = invite === undefined ? 481 : 200
    stack.serve(request, from)?.respond(replyTo(request, status, { tag: freshToken() }))
    if (invite === undefined || invite.isAnswered) return
    ringing.get(invite)?.stop()
    invite.respond(replyTo(invite.request, 487, { tag: freshToken() }))
  }

  const onRequest = (request: SipRequest, from: Peer) => {
    const { method } = request
    if (method === 'ACK') return calls.get(keyOfRequest(request))?.acknowledged(request)
    if (method === 'CANCEL') return cancelled(request, from)
    const call = calls.get(keyOfRequest(request))
    const inDialogue = tagOf(header(request, 'To')) !== ''
    // Nobody may call a phone but through the exchange, which knows who calls.
    if (!inDialogue && (closed || !sameAsExchange(from)))
      return stack.send(replyTo(request, 403, { tag: freshToken() }), from)
    const server = stack.serve(request, from)
    if (server === undefined) return
    const reply = (status: number, more: Answer = {}) =>
      server.respond(replyTo(request, status, { tag: freshToken(), ...more }))
    if (call !== undefined) call.take(request, server)
    else if (method === 'SUBSCRIBE') watchers.take(request, server)
    else if (inDialogue) reply(481)
    else if (method === 'INVITE') invited(request, server)
    else if (method === 'OPTIONS') reply(200, { headers: [ALLOW, SUPPORTED, ['Accept', 'application/sdp']] })
    else if (method === 'MESSAGE') reply(200)
    else reply(405, { headers: [ALLOW] })
  }

  const place = ({ uri, from, talksForMs, speaker, more = [], progress, failed }: Order): Placed => {
    const answered = Promise.withResolvers<boolean>()
    const ended = Promise.withResolvers<Ended>()
    let call: Call | undefined
    let wanted = true
    let stop = () => {
      wanted = false
    }
    const fail = (status: number, reason: string) => {
      answered.resolve(false)
      ended.resolve({ kind: 'refused', status })
      failed?.(status, reason)
    }
    const go = async () => {
      const voice = await voices.open(speaker())
      if (closed || !wanted) {
        voice.close()
        fail(487, 'Request Terminated')
        return
      }
      const attempt = placeCall({
        stack,
        exchange: options.exchange(),
        uri,
        from,
        domain,
        contact: contactOf(from),
        more,
        port: voice.port,
        progress: (status, reason) => progress?.(status, reason),
        answered: (dialogue, remote) => {
          voice.follow(remote)
          call = begin(from, dialogue, voice, speaker, talksForMs, (heard) =>
            ended.resolve({ kind: 'talked', heard }),
          )
          stop = () => void call?.hangUp()
          answered.resolve(true)
          progress?.(200, 'OK')
        },
        ended: (status, reason) => {
          voice.close()
          fail(status, reason)
        },
      })
      stop = attempt.cancel
    }
    if (closed || calls.size + placing.size >= MOST_CALLS) fail(503, 'Service Unavailable')
    else go().catch(() => fail(500, 'No Port'))
    const placed: Placed = {
      answered: answered.promise,
      ended: ended.promise,
      heard: () => call?.heard(),
      hangUp: () => stop(),
    }
    placing.add(placed)
    void answered.promise.then(() => placing.delete(placed))
    return placed
  }

  const refer = (
    number: string,
    speaker: Speaker,
    { uri, headers }: Referral,
    tell: (status: number, reason: string) => void,
  ) => {
    place({
      uri,
      from: number,
      talksForMs: REFERRED_TALK_MS,
      speaker,
      more: headers,
      progress: tell,
      failed: tell,
    })
  }

  const stack: Stack = await openStack({ host, port: 0, time, onRequest })
  const watchers = openWatchers({
    stack,
    time,
    domain,
    exchange: options.exchange,
    contactOf,
    dialoguesOf,
  })
  return {
    self: stack.self,
    heard: (number) => callOf(number)?.heard() ?? lastHeard.get(number),
    callOf,
    hangUp: (number) => {
      for (const call of [...(lines.get(number) ?? [])]) void call.hangUp()
    },
    place,
    get count() {
      return calls.size
    },
    close: async () => {
      closed = true
      for (const [server, { stop }] of [...ringing]) {
        stop()
        server.respond(replyTo(server.request, 480, { tag: freshToken() }))
      }
      const placed = [...placing]
      for (const { hangUp } of placed) hangUp()
      const farewells = [
        watchers.close(),
        ...[...calls.values()].map((call) => call.hangUp()),
        ...placed.map(({ ended }) => ended),
      ]
      const { promise, resolve } = Promise.withResolvers<void>()
      const stopWaiting = time.later(FAREWELL_MS, resolve)
      await Promise.race([promise, Promise.all(farewells)])
      stopWaiting()
      stack.close()
    },
  }
}
