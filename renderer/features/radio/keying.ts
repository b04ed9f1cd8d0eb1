/** The keys that this officer has down to talk: what presses one, and all that lets it go. Pure. */
import type { Id, Instant } from '../../../contract/primitives.ts'
import type { PushToTalk } from '../../../contract/radio-settings.ts'
import type { SeatChannel } from '../../../contract/seat-radio.ts'

export type KeyMode = PushToTalk['mode']

/** A key that is down. */
export interface Press {
  readonly channels: readonly Id[]
  readonly emergency: boolean
  readonly mode: KeyMode
  readonly at: Instant
}

/** By the name of the key: `Space`, `F1`, or the button that is pressed. */
export type Held = Readonly<Record<string, Press>>

export const nothingHeld: Held = {}

export type KeyEvent =
  | { readonly kind: 'pressed'; readonly key: string; readonly press: Press }
  | { readonly kind: 'released'; readonly key: string }
  /** The engine ended it, or its button is gone. */
  | { readonly kind: 'ended'; readonly key: string }
  /** What may have come up unseen: the window lost the focus, is hidden, or goes. */
  | { readonly kind: 'lost' }

/** The keys that are down after that. */
export function keyed(held: Held, event: KeyEvent): Held {
  switch (event.kind) {
    case 'pressed':
      return pressed(held, event)
    case 'released':
      return held[event.key]?.mode === 'latch' ? held : without(held, event.key)
    case 'ended':
      return without(held, event.key)
    case 'lost':
      return nothingHeld
  }
}

function pressed(held: Held, { key, press }: Extract<KeyEvent, { kind: 'pressed' }>): Held {
  const before = held[key]
  if (before === undefined) return press.channels.length === 0 ? held : { ...held, [key]: press }
  return before.mode === 'latch' ? without(held, key) : held
}

function without(held: Held, key: string): Held {
  if (!(key in held)) return held
  const { [key]: _, ...others } = held
  return others
}

/**
 * A latched key that talks nowhere any more is let go: nobody's finger is on it, and the next press would only
 * end what has ended.
 */
export function settled(held: Held, channels: readonly SeatChannel[]): Held {
  const over = ({ channels: asked, mode, at }: Press): boolean =>
    mode === 'latch' &&
    channels
      .filter(({ id }) => asked.includes(id))
      .every(
        ({ transmission }) =>
          (transmission.state === 'refused' || transmission.state === 'cut') && transmission.at >= at,
      )
  const ended = Object.keys(held).filter((key) => held[key] !== undefined && over(held[key]))
  return ended.reduce(without, held)
}

/** Whether any of them asks for this channel. */
export const isKeyed = (held: Held, channel: Id): boolean =>
  Object.values(held).some(({ channels }) => channels.includes(channel))
