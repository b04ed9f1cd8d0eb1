/** A call of this seat: its SIP dialogue, its place at the officer's ears, and what is shown of it. */
import type { Id } from '../../../contract/primitives.ts'
import type { Call, CallEnd, CallState } from '../../../contract/telephony.ts'
import type { MediaSession } from '../media/media-session.ts'
import type { HeadsetPlace, ProgressTone } from './headset.ts'
import type { SipCall } from './sip/sip-call.ts'

export interface OwnCall<Media extends MediaSession> {
  readonly sip: SipCall<Media>
  /** Who sat here when it began. */
  readonly account: Id
  place: HeadsetPlace | undefined
  /** Stops the tone that the officer hears in place of the other side. */
  quiet: (() => void) | undefined
  /** The officer hears tones while nobody has answered, and when nobody does. */
  readonly toned: boolean
  /** It is being answered here. */
  accepting: boolean
  /** It is answered for another seat: the officer is not in it. */
  passing: boolean
  /** Why this side ended it, where it knows better than SIP. */
  because: CallEnd | undefined
  shown: Call
  forget: NodeJS.Timeout | undefined
}

const shown: Readonly<Record<SipCall['state'], CallState>> = {
  trying: 'dialling',
  ringing: 'ringing',
  early: 'ringing',
  waiting: 'waiting',
  talking: 'talking',
  holding: 'holding',
  held: 'held',
  ended: 'ended',
}

export const shownState = ({ state }: Pick<SipCall, 'state'>): CallState => shown[state]

export const isAnswered = ({ state }: Pick<Call, 'state'>): boolean =>
  state === 'talking' || state === 'holding' || state === 'held'

export const endOf = <Media extends MediaSession>({ sip: { end }, because }: OwnCall<Media>): Call['end'] =>
  end && { why: because ?? end.why, code: end.code, reason: end.reason }

/** Of calls that did not come about. */
export const failureTones: Partial<Record<CallEnd, ProgressTone>> = {
  busy: 'busy',
  declined: 'busy',
  'not-found': 'vacant',
  failed: 'congestion',
  media: 'congestion',
}
