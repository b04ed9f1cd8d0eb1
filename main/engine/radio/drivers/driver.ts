/** What every channel driver is: one channel's connection to the air, whatever carries it. */
import type { RadioAct } from '../../../../contract/seat-radio.ts'
import type { Leg } from '../../media/leg.ts'

/** What a driver tells. Everything it doesn't know it leaves out; nothing is guessed. */
export type DriverReport =
  | { readonly kind: 'up' }
  /**
   * It keeps trying by itself, with back-off. `why`: one of `linkFaults`, or as the network says it. `password`: it needs
   * one, or another.
   */
  | { readonly kind: 'down'; readonly why: string; readonly password?: boolean }
  /** Somebody is heard. `radio`: the id or callsign that the channel gives. */
  | { readonly kind: 'squelch-open'; readonly radio: string | null; readonly emergency: boolean }
  /** More is known of whoever is heard. `signal`: 0 to 1. */
  | {
      readonly kind: 'heard'
      readonly radio?: string
      readonly emergency?: boolean
      readonly signal?: number
    }
  | { readonly kind: 'squelch-closed' }
  /** The channel let us talk, where it says so: after `key()`. A driver that isn't told reports it at once. */
  | { readonly kind: 'keyed' }
  /** The channel doesn't let us talk, or stops us. */
  | { readonly kind: 'unkeyed'; readonly why: 'busy' | 'denied' | 'time-out' | 'lost' }
  /** A radio calls for help, whether it talks or not. */
  | { readonly kind: 'alarm'; readonly radio: string }

/** Begins to connect when it is opened, and stays connected or keeps trying until it is closed. */
export interface ChannelDriver {
  /**
   * Its voice both ways. What is sent to it goes to the air while the channel is keyed, and nowhere otherwise; what
   * it says is what is heard. It does not say what this seat itself sends.
   */
  readonly leg: Leg
  readonly acts: readonly RadioAct[]
  /** `emergency`: with the priority of one, where the channel has it. */
  key(emergency: boolean): void
  unkey(): void
  /** Rejects with a `Refusal` where the radio doesn't answer, or the driver can't. */
  act(act: RadioAct, radio: string): Promise<void>
  close(): Promise<void>
}

export interface DriverOptions {
  /** What this seat is called on the channel, where it says so: the account of whoever sits here. */
  readonly name: string
  /** Of whoever sits here; null: there is none. */
  readonly callsign: string | null
  /** The seat's own password of the channel; null: it has none. With another the driver is opened anew. */
  readonly password: string | null
  /** The SSRCs that this seat sends with, on whichever channel: a driver adds its own, and hears none of them. */
  readonly ownSources: Set<number>
  /** Milliseconds since the epoch. */
  readonly clock: () => number
  readonly onReport: (report: DriverReport) => void
  readonly onTrouble: (what: string, error: unknown) => void
}

/** What each driver's file exports. */
export type OpenDriver<Access> = (access: Access, options: DriverOptions) => ChannelDriver
