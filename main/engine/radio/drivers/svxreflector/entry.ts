/** Coming in at a reflector, step by step. Pure. */
import { type FromReflector, type Protocol, response, selectTalkgroup } from './messages.ts'

/** As whom and where to. */
export interface Visitor {
  /** The seat's. */
  readonly callsign: string
  readonly password: string
  readonly talkgroup: number
  readonly protocol: Protocol
}

export type Entry =
  /** It has been told our protocol. */
  | { readonly at: 'greeted' }
  /** It has our answer to its challenge. */
  | { readonly at: 'answered' }
  | { readonly at: 'welcome' }
  /** `client`: by which packets name us. */
  | { readonly at: 'in'; readonly client: number }
  | { readonly at: 'refused'; readonly why: Refused }

export type Refused =
  /** It does not speak ours. */
  | { readonly kind: 'protocol' }
  /** The password or the callsign is wrong, or somebody is there under that callsign: it says no more. */
  | { readonly kind: 'access' }
  | { readonly kind: 'no-talkgroups' }
  /** It has no Opus. */
  | { readonly kind: 'codec' }
  | { readonly kind: 'said'; readonly text: string }
  /** What came doesn't belong here. */
  | { readonly kind: 'nonsense' }

/** The talkgroup that reflectors of protocol 2 give to nodes that know of none. */
const TALKGROUP_WITHOUT_ANY = 1
const CODEC = 'OPUS'

/**
 * A reflector takes each callsign once, and gives it one talkgroup. So that a seat can be in several, it is in each
 * under its callsign with the talkgroup's number.
 */
export const callsignAt = ({ callsign, talkgroup, protocol }: Omit<Visitor, 'password'>): string =>
  protocol === 1 ? callsign : `${callsign}-${talkgroup}`

export interface Step {
  readonly entry: Entry
  readonly say?: Buffer
}

/** What a message that came at this step leads to. Without one that belongs to coming in, the step stays. */
export function proceed(entry: Entry, message: FromReflector, visitor: Visitor): Step {
  if (message.kind === 'error') return refused(errorMeans(message.text))
  if (message.kind === 'downgrade') return refused({ kind: 'protocol' })
  if (message.kind === 'challenge')
    return entry.at === 'greeted'
      ? {
          entry: { at: 'answered' },
          say: response(callsignAt(visitor), visitor.password, message.challenge),
        }
      : // Whoever asks again collects answers.
        refused({ kind: 'nonsense' })
  if (entry.at === 'answered' && message.kind === 'welcome') return { entry: { at: 'welcome' } }
  if (entry.at === 'welcome' && message.kind === 'server-info') return comeIn(message, visitor)
  return { entry }
}

function comeIn(
  { client, codecs }: FromReflector & { kind: 'server-info' },
  { talkgroup, protocol }: Visitor,
): Step {
  if (!codecs.includes(CODEC)) return refused({ kind: 'codec' })
  if (protocol > 1) return { entry: { at: 'in', client }, say: selectTalkgroup(talkgroup) }
  return talkgroup === TALKGROUP_WITHOUT_ANY
    ? { entry: { at: 'in', client } }
    : refused({ kind: 'no-talkgroups' })
}

const refused = (why: Refused): Step => ({ entry: { at: 'refused', why } })

function errorMeans(text: string): Refused {
  if (text.startsWith('Unsupported protocol version')) return { kind: 'protocol' }
  return text === 'Access denied' ? { kind: 'access' } : { kind: 'said', text: text.slice(0, 200) }
}
