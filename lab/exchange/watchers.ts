/** Who watches what the phones are doing, and is told of it (RFC 6665 4.2, RFC 4235). */
import { freshToken, parseUri } from './address.ts'
import { afterRequest, type Dialogue, invitedDialogue, keyOf, keyOfRequest, requestIn } from './dialogue.ts'
import { type Header, header, replyTo, type SipRequest, tokensOf } from './message.ts'
import type { Stack } from './stack.ts'
import { type Time, timersOn } from './time.ts'
import type { Peer, ServerTransaction } from './transactions.ts'

/** A dialogue of a phone as RFC 4235 3.7.1 names its states, as far as these phones have them. */
export interface WatchedDialogue {
  readonly id: string
  readonly state: 'early' | 'confirmed'
}

export interface Watchers {
  /** A SUBSCRIBE, whether it begins a subscription, goes on with one or ends it. */
  take(request: SipRequest, server: ServerTransaction): void
  /** Tells all who watch this number what it is doing now. */
  changed(number: string): void
  /** Subscriptions at present. */
  readonly count: number
  /** Tells everybody that there is nothing to be heard any more, and waits until they have heard it. */
  close(): Promise<void>
}

export interface WatchersOptions {
  readonly stack: Stack
  readonly time: Time
  /** Where everything goes. */
  exchange(): Peer
  readonly domain: string
  contactOf(number: string): Header
  /** Undefined if there is no such phone. */
  dialoguesOf(number: string): readonly WatchedDialogue[] | undefined
}

/** Seconds (RFC 4235 3.4): for who says nothing, and the longest that is granted. */
const EXPIRES = 3_600
const MOST_SUBSCRIPTIONS = 2_000
const DOCUMENT = 'application/dialog-info+xml'

interface Subscription {
  readonly number: string
  /** The Event header as it was asked with: its id is the subscriber's. */
  readonly event: string
  dialogue: Dialogue
  /** Of the document, from 0 (RFC 4235 4.1). */
  version: number
  until: number
}

export function openWatchers(options: WatchersOptions): Watchers {
  const { stack, time, domain, contactOf, dialoguesOf } = options
  const subscriptions = new Map<string, Subscription>()
  const timers = timersOn(time)

  const notify = (key: string, subscription: Subscription, ending?: string): Promise<void> => {
    const { number, event } = subscription
    const left = Math.max(0, Math.ceil((subscription.until - time.now()) / 1_000))
    const state = ending === undefined ? `active;expires=${left}` : `terminated;reason=${ending}`
    const more: Header[] = [
      ['Event', event],
      ['Subscription-State', state],
      ['Content-Type', DOCUMENT],
      contactOf(number),
    ]
    const body = document(number, subscription.version++)
    const [request, dialogue] = requestIn(subscription.dialogue, 'NOTIFY', more, body)
    subscription.dialogue = dialogue
    if (ending !== undefined) forget(key)
    return new Promise((resolve) => {
      const over = (known: boolean) => {
        // Who does not know of it any more is told no more (RFC 6665 4.2.2).
        if (!known) forget(key)
        resolve()
      }
      const sent = stack.ask(request, options.exchange(), {
        response: ({ status }) => status >= 200 && over(status < 300),
        timeout: () => over(false),
      })
      if (sent === undefined) over(true)
    })
  }

  const document = (number: string, version: number): Buffer =>
    Buffer.from(
      [
        '<?xml version="1.0"?>',
        `<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="${version}" state="full" entity="sip:${number}@${domain}">`,
        ...(dialoguesOf(number) ?? []).map(
          ({ id, state }) => `<dialog id="${id}"><state>${state}</state></dialog>`,
        ),
        '</dialog-info>',
        '',
      ].join('\r\n'),
    )

  const forget = (key: string) => {
    subscriptions.delete(key)
    timers.clear(key)
  }

  const take = (request: SipRequest, server: ServerTransaction) => {
    const reply = (status: number, tag: string, more: readonly Header[] = []) =>
      server.respond(replyTo(request, status, { tag, headers: more }))
    const key = keyOfRequest(request)
    const known = subscriptions.get(key)
    const number = known?.number ?? parseUri(request.uri)?.user ?? ''
    const [event = ''] = header(request, 'Event').split(';')
    const asked = header(request, 'Expires') || `${EXPIRES}`
    const accepted = tokensOf(request, 'Accept').map((type) => type.split(';')[0]?.trim())
    const tag = freshToken()
    if (event.trim().toLowerCase() !== 'dialog') return reply(489, tag, [['Allow-Events', 'dialog']])
    if (!/^\d{1,9}$/.test(asked)) return reply(400, tag)
    if (accepted.length > 0 && !accepted.includes(DOCUMENT)) return reply(406, tag, [['Accept', DOCUMENT]])
    if (dialoguesOf(number) === undefined) return reply(404, tag)
    if (known === undefined && /;\s*tag=/i.test(header(request, 'To'))) return reply(481, tag)
    if (known === undefined && subscriptions.size >= MOST_SUBSCRIPTIONS) return reply(503, tag)
    const dialogue =
      known === undefined ? invitedDialogue(request, tag) : afterRequest(known.dialogue, request)
    if (dialogue === undefined) return reply(known === undefined ? 400 : 500, tag)
    const seconds = Math.min(Number(asked), EXPIRES)
    const subscription: Subscription = {
      number,
      event: header(request, 'Event'),
      dialogue,
      version: known?.version ?? 0,
      until: time.now() + seconds * 1_000,
    }
    const own = keyOf(dialogue)
    subscriptions.set(own, subscription)
    timers.set(own, seconds * 1_000, () => void notify(own, subscription, 'timeout'))
    reply(200, tag, [contactOf(number), ['Expires', `${seconds}`]])
    // Who asks for no time wants to know it once, or has had enough (RFC 6665 4.4.3, 4.1.2.3).
    void notify(own, subscription, seconds === 0 ? 'timeout' : undefined)
  }

  return {
    take,
    changed: (number) =>
      // What changes at the same moment is told at once: no phone is idle between its ringing and its talk.
      timers.set(`number ${number}`, 0, () => {
        for (const [key, subscription] of subscriptions)
          if (subscription.number === number) void notify(key, subscription)
      }),
    get count() {
      return subscriptions.size
    },
    close: async () => {
      const ends = [...subscriptions].map(([key, subscription]) => notify(key, subscription, 'deactivated'))
      timers.clearAll()
      await Promise.all(ends)
    },
  }
}
