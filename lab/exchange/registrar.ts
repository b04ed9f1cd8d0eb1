/** Who is registered where (RFC 3261 10.3). Pure: the clock comes in. */
import { parseNameAddress, parseUri, type SipUri } from './address.ts'
import {
  cseqOf,
  type Header,
  header,
  headers,
  replyTo,
  type SipRequest,
  type SipResponse,
} from './message.ts'
import type { Peer } from './transactions.ts'

/** Where an account can be reached. */
export interface Contact {
  readonly uri: string
  /** Where its REGISTER came from: requests go there, whatever host the URI names. */
  readonly at: Peer
}

interface Binding extends Contact {
  readonly parsed: SipUri
  /** `+sip.instance` and `reg-id` (RFC 5626); '' if it has none. */
  readonly instance: string
  readonly callId: string
  readonly cseq: number
  /** Milliseconds, as `now` counts. */
  readonly until: number
}

export interface Registrar {
  /** Answers the REGISTER of an account that has proven itself. */
  register(number: string, request: SipRequest, from: Peer): SipResponse
  contactsOf(number: string): readonly Contact[]
  /** The contact that a Request-URI names, whoever's it is. */
  findContact(uri: SipUri): Contact | undefined
}

export interface RegistrarOptions {
  now(): number
  /** Seconds: a contact may not ask for less. */
  readonly shortestExpiry: number
}

/** Seconds: granted if nothing is asked for, and at most. */
const USUAL_EXPIRY = 300
const LONGEST_EXPIRY = 3_600
const MOST_CONTACTS = 10

export function createRegistrar({ now, shortestExpiry }: RegistrarOptions): Registrar {
  const accounts = new Map<string, readonly Binding[]>()
  const bindingsOf = (number: string) => (accounts.get(number) ?? []).filter(({ until }) => until > now())

  const listing = (bindings: readonly Binding[]) =>
    bindings.map(({ uri, until }): Header => {
      return ['Contact', `<${uri}>;expires=${Math.ceil((until - now()) / 1000)}`]
    })

  const register = (number: string, request: SipRequest, from: Peer): SipResponse => {
    const present = bindingsOf(number)
    const asked = headers(request, 'Contact')
    const callId = header(request, 'Call-ID')
    const cseq = cseqOf(request)?.number ?? 0
    const isLate = (one: Binding) => one.callId === callId && one.cseq >= cseq
    const keep = (next: readonly Binding[]) => {
      if (next.length > MOST_CONTACTS) return replyTo(request, 403)
      if (next.length === 0) accounts.delete(number)
      else accounts.set(number, next)
      return replyTo(request, 200, { headers: listing(next) })
    }
    if (asked.includes('*')) {
      if (asked.length > 1 || header(request, 'Expires') !== '0') return replyTo(request, 400)
      return present.some(isLate) ? replyTo(request, 500) : keep([])
    }
    let next = present
    for (const value of asked) {
      const contact = parseNameAddress(value)
      const parsed = parseUri(contact?.uri ?? '')
      if (contact === undefined || parsed === undefined) return replyTo(request, 400)
      const seconds = expiryOf(contact.params.get('expires') ?? header(request, 'Expires'))
      if (seconds > 0 && seconds < shortestExpiry)
        return replyTo(request, 423, { headers: [['Min-Expires', `${shortestExpiry}`]] })
      const instance = contact.params.get('+sip.instance') ?? ''
      const binding: Binding = {
        uri: contact.uri,
        parsed,
        at: from,
        instance: instance && `${instance} ${contact.params.get('reg-id') ?? ''}`,
        callId,
        cseq,
        until: now() + seconds * 1000,
      }
      const replaced = (one: Binding) =>
        sameUri(one.parsed, parsed) || (instance !== '' && one.instance === binding.instance)
      if (next.some((one) => replaced(one) && isLate(one))) return replyTo(request, 500)
      next = [...next.filter((one) => !replaced(one)), ...(seconds > 0 ? [binding] : [])]
    }
    return keep(next)
  }

  return {
    register,
    contactsOf: bindingsOf,
    findContact: (uri) => {
      for (const number of accounts.keys()) {
        const found = bindingsOf(number).find(({ parsed }) => sameUri(parsed, uri))
        if (found !== undefined) return found
      }
      return undefined
    },
  }
}

/** Seconds; what isn't a number counts as not said (10.2.1.1). */
const expiryOf = (written: string): number =>
  /^\d{1,10}$/.test(written) ? Math.min(Number(written), LONGEST_EXPIRY) : USUAL_EXPIRY

/** By what tells contacts apart here (19.1.4, without the parameters). */
const sameUri = (one: SipUri, other: SipUri): boolean =>
  one.user === other.user && one.host === other.host && (one.port ?? 5060) === (other.port ?? 5060)
