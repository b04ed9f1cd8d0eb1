/** A session with a radio gateway, in whichever of the ways it is keyed. */
import type { VoicePacket } from '../../media/leg.ts'
import type { MediaSession } from '../../media/media-session.ts'
import type { SipCall } from '../../telephony/sip/sip-call.ts'
import type { DriverReport } from './driver.ts'

export interface GatewaySession {
  readonly media: MediaSession
  /** The dialogue stands. */
  begin(call: SipCall): void
  key(emergency: boolean): void
  unkey(): void
  /** To the air while it is keyed, and nowhere otherwise. */
  send(packet: VoicePacket): void
  /** Tells and says nothing any more. What its media holds is closed with the call. */
  end(): void
}

/** What a gateway's receiver hears of others. `radio`: whoever it names. `signal`: 0 to 1. */
export type GatewayReception =
  | { readonly squelch: 'closed' }
  | {
      readonly squelch: 'open'
      readonly radio: string | null
      readonly emergency: boolean
      readonly signal: number | null
    }

export interface GatewayEars {
  /** It is there, and can be keyed. Told once. */
  up(): void
  /** It is not there any more, though the dialogue may be; or it can't be trusted to let go of the key. */
  lost(why: string): void
  keyed(): void
  unkeyed(why: Extract<DriverReport, { kind: 'unkeyed' }>['why']): void
  /** As often as it is heard of. */
  reception(reception: GatewayReception): void
  /** Whatever comes: whether it is heard is judged by the reception. */
  voice(packet: VoicePacket): void
}
