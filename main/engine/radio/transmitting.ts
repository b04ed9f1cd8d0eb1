/**
 * What becomes of a key that is pressed on a channel: the floor is asked for, the channel is keyed, and only then does
 * the microphone go out. A table of what each state makes of each event. Pure: no clock, no socket; whoever runs it
 * does the deeds and calls again at the deadline.
 */
import type { Instant } from '../../../contract/primitives.ts'
import type { FloorKeeper, Transmission } from '../../../contract/seat-radio.ts'

/** So long before the time-out timer cuts it the officer is warned, ms. */
export const WARNING_MS = 5_000
/** The hub answers at once, or not at all. */
export const FLOOR_ANSWER_MS = 1_000
/** So does a driver; gateways have a network between. */
export const KEYED_MS = 3_000
/** How long what went wrong is shown once the key is up. */
export const SHOWN_MS = 2_000
/** A key that is still down so long after it was cut is stuck. */
export const STUCK_MS = 5_000

type RefusedWhy = Extract<Transmission, { state: 'refused' }>['why']
type CutWhy = Extract<Transmission, { state: 'cut' }>['why']

/** `turn`: by which the hub knows it; null: the hub was not asked, or has forgotten. `at`: since then. */
export type Transmitting =
  | { readonly state: 'idle' }
  | { readonly state: 'asking'; readonly at: Instant; readonly turn: string; readonly emergency: boolean }
  | {
      readonly state: 'queued'
      readonly at: Instant
      readonly turn: string
      readonly emergency: boolean
      readonly place: number
    }
  /** The floor is ours; the channel was told of the key and has not said yes yet. */
  | {
      readonly state: 'keying'
      readonly at: Instant
      readonly turn: string | null
      readonly emergency: boolean
    }
  | {
      readonly state: 'talking'
      readonly at: Instant
      readonly until: Instant
      readonly turn: string | null
      readonly emergency: boolean
      readonly ending: boolean
    }
  /** `down`: the key still is. */
  | { readonly state: 'refused'; readonly at: Instant; readonly why: RefusedWhy; readonly down: boolean }
  | { readonly state: 'cut'; readonly at: Instant; readonly why: CutWhy; readonly down: boolean }

export const notTransmitting: Transmitting = { state: 'idle' }

export type TransmitEvent =
  /** `turn`: a new one, in case that the hub is asked. */
  | { readonly kind: 'pressed'; readonly turn: string; readonly emergency: boolean }
  | { readonly kind: 'released' }
  /** What held the key is gone, and nobody knows whether it is still down. */
  | { readonly kind: 'key-lost' }
  | { readonly kind: 'granted'; readonly turn: string }
  | { readonly kind: 'queued'; readonly turn: string; readonly place: number }
  | { readonly kind: 'denied'; readonly turn: string; readonly why: 'busy' | 'not-allowed' }
  | {
      readonly kind: 'revoked'
      readonly turn: string
      readonly why: 'pre-empted' | 'time-out' | 'silent' | 'revoked'
    }
  /** The hub can't be asked any more. */
  | { readonly kind: 'floor-gone' }
  /** It can be asked again. `turn`: a new one, for whoever talks without one. */
  | { readonly kind: 'floor-back'; readonly turn: string }
  | { readonly kind: 'keyed' }
  | { readonly kind: 'unkeyed'; readonly why: 'busy' | 'denied' | 'time-out' | 'lost' }
  | { readonly kind: 'link-lost' }
  /** Whoever sits here may not key the channel any more. */
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'ticked' }

/** How things stand as an event comes. */
export interface TransmitFacts {
  readonly now: Instant
  readonly linkUp: boolean
  readonly mayKey: boolean
  readonly keeper: FloorKeeper
  /** Somebody is heard on the channel. */
  readonly busy: boolean
  /** The longest transmission, ms. */
  readonly timeOutMs: number
}

export type PermitTone = 'permit' | 'busy' | 'denied' | 'warning' | 'cut'

export type Deed =
  | { readonly do: 'ask'; readonly turn: string; readonly emergency: boolean }
  | { readonly do: 'give-back'; readonly turn: string }
  | { readonly do: 'key'; readonly emergency: boolean }
  | { readonly do: 'unkey' }
  | { readonly do: 'play'; readonly tone: PermitTone }

export interface TransmitStep {
  readonly next: Transmitting
  readonly deeds: readonly Deed[]
}

/** Never throws; an event that means nothing in a state changes nothing. */
export function stepTransmitting(
  current: Transmitting,
  event: TransmitEvent,
  facts: TransmitFacts,
): TransmitStep {
  if (isAnswer(event) && !isOfTurn(current, event.turn)) return stay(current)
  // The table says for each state what it makes of each event; each entry is given what it is entered under.
  const entry = table[current.state][event.kind] as Entry<Transmitting, TransmitEvent> | undefined
  return entry?.(current, event, facts) ?? stay(current)
}

/** When `ticked` is next worth telling. */
export function transmitDeadline(current: Transmitting): Instant | undefined {
  switch (current.state) {
    case 'idle':
    case 'queued':
      return undefined
    case 'asking':
      return current.at + FLOOR_ANSWER_MS
    case 'keying':
      return current.at + KEYED_MS
    case 'talking':
      return current.ending ? current.until : Math.max(current.at, current.until - WARNING_MS)
    case 'refused':
      return current.down ? undefined : current.at + SHOWN_MS
    case 'cut':
      if (!current.down) return current.at + SHOWN_MS
      return current.why === 'time-out' ? current.at + STUCK_MS : undefined
  }
}

/** As the page is shown it. */
export function shownTransmission(current: Transmitting): Transmission {
  switch (current.state) {
    case 'idle':
      return { state: 'idle' }
    case 'asking':
    case 'keying':
      return { state: 'asking', since: current.at }
    case 'queued':
      return { state: 'queued', since: current.at, place: current.place }
    case 'talking': {
      const { at, until, ending, emergency } = current
      return { state: 'talking', since: at, until, ending, emergency }
    }
    case 'refused':
      return { state: 'refused', at: current.at, why: current.why }
    case 'cut':
      return { state: 'cut', at: current.at, why: current.why }
  }
}

type FloorAnswer = 'granted' | 'queued' | 'denied' | 'revoked'

type Entry<S, E> = (current: S, event: E, facts: TransmitFacts) => TransmitStep
type Table = {
  [S in Transmitting['state']]: {
    [E in TransmitEvent['kind']]?: Entry<
      Extract<Transmitting, { state: S }>,
      Extract<TransmitEvent, { kind: E }>
    >
  }
}

type Waiting = Extract<Transmitting, { state: 'asking' | 'queued' }>
type Held = Extract<Transmitting, { state: 'keying' | 'talking' }>

/** Asked of the hub, and not granted yet. */
const waiting = {
  granted: ({ turn, emergency }: Waiting, _: unknown, facts: TransmitFacts) => key(turn, emergency, facts),
  queued: (
    { at, turn, emergency }: Waiting,
    { place }: { readonly place: number },
    _: TransmitFacts,
  ): TransmitStep => ({ next: { state: 'queued', at, turn, emergency, place }, deeds: [] }),
  denied: (_: Waiting, { why }: { readonly why: 'busy' | 'not-allowed' }, { now }: TransmitFacts) =>
    refuse(why, now),
  revoked: (_: Waiting, __: unknown, { now }: TransmitFacts) => refuse('busy', now),
  released: ({ turn }: Waiting): TransmitStep => ({
    next: notTransmitting,
    deeds: [{ do: 'give-back', turn }],
  }),
  'key-lost': (current: Waiting, _: unknown, { now }: TransmitFacts): TransmitStep => ({
    next: { state: 'cut', at: now, why: 'key-lost', down: false },
    deeds: [{ do: 'give-back', turn: current.turn }],
  }),
  'floor-gone': ({ emergency }: Waiting, _: unknown, facts: TransmitFacts) => byChannel(emergency, facts),
  'link-lost': ({ turn }: Waiting, _: unknown, { now }: TransmitFacts) =>
    refuse('no-link', now, [{ do: 'give-back', turn }]),
  forbidden: ({ turn }: Waiting, _: unknown, { now }: TransmitFacts) =>
    refuse('not-allowed', now, [{ do: 'give-back', turn }]),
} satisfies Table['asking'] & Table['queued']

/** The floor is ours. */
const held = {
  released: (current: Held): TransmitStep => ({ next: notTransmitting, deeds: letGo(current) }),
  'key-lost': (current: Held, _: unknown, { now }: TransmitFacts) => cut(current, 'key-lost', now, false),
  // Whoever has begun to talk goes on; the time-out timer is the seat's own.
  'floor-gone': (current: Held): TransmitStep => ({ next: { ...current, turn: null }, deeds: [] }),
  // Others may be granted what they ask for now: whoever talks asks, too, and talks on meanwhile.
  'floor-back': (current: Held, { turn }: { readonly turn: string }): TransmitStep =>
    current.turn === null
      ? { next: { ...current, turn }, deeds: [{ do: 'ask', turn, emergency: current.emergency }] }
      : stay(current),
  queued: (current: Held, _: unknown, { now }: TransmitFacts) => cut(current, 'revoked', now),
  denied: (current: Held, _: unknown, { now }: TransmitFacts) =>
    cut({ ...current, turn: null }, 'revoked', now),
  forbidden: (current: Held, _: unknown, { now }: TransmitFacts) => cut(current, 'revoked', now),
} satisfies Table['keying'] & Table['talking']

/** The key is down in vain, or was. */
const over = {
  pressed: (_: Transmitting, event: Extract<TransmitEvent, { kind: 'pressed' }>, facts: TransmitFacts) =>
    begin(event, facts),
}

const table: Table = {
  idle: { pressed: (_, event, facts) => begin(event, facts) },
  asking: {
    ...waiting,
    ticked: (current, _, { now }) =>
      now < current.at + FLOOR_ANSWER_MS
        ? stay(current)
        : refuse('no-floor-answer', now, [{ do: 'give-back', turn: current.turn }]),
  },
  queued: waiting,
  keying: {
    ...held,
    keyed: ({ turn, emergency }, _, { now, timeOutMs }) => ({
      next: { state: 'talking', at: now, until: now + timeOutMs, turn, emergency, ending: false },
      deeds: [{ do: 'play', tone: 'permit' }],
    }),
    unkeyed: ({ turn }, { why }, { now }) => refuse(refusedBy[why], now, giveBack(turn)),
    revoked: (_, __, { now }) => refuse('busy', now, [{ do: 'unkey' }]),
    'link-lost': ({ turn }, _, { now }) => refuse('no-link', now, giveBack(turn)),
    ticked: (current, _, { now }) =>
      now < current.at + KEYED_MS ? stay(current) : refuse('no-link', now, letGo(current)),
  },
  talking: {
    ...held,
    revoked: (_, { why }, { now }) => ({
      next: { state: 'cut', at: now, why: why === 'silent' ? 'revoked' : why, down: true },
      deeds: [{ do: 'unkey' }, { do: 'play', tone: 'cut' }],
    }),
    unkeyed: ({ turn }, { why }, { now }) => ({
      next: { state: 'cut', at: now, why: cutBy[why], down: true },
      deeds: [...giveBack(turn), { do: 'play', tone: 'cut' }],
    }),
    'link-lost': (current, _, { now }) => cut(current, 'link-lost', now),
    ticked: (current, _, { now }) => {
      if (now >= current.until) return cut(current, 'time-out', now)
      if (current.ending || now < current.until - WARNING_MS) return stay(current)
      return { next: { ...current, ending: true }, deeds: [{ do: 'play', tone: 'warning' }] }
    },
  },
  refused: {
    ...over,
    released: (current, _, { now }) => ({ next: { ...current, at: now, down: false }, deeds: [] }),
    'key-lost': (current, _, { now }) => ({ next: { ...current, at: now, down: false }, deeds: [] }),
    ticked: (current, _, { now }) =>
      !current.down && now >= current.at + SHOWN_MS ? { next: notTransmitting, deeds: [] } : stay(current),
  },
  cut: {
    ...over,
    released: (current, _, { now }) => ({ next: { ...current, at: now, down: false }, deeds: [] }),
    'key-lost': (current, _, { now }) => ({ next: { ...current, at: now, down: false }, deeds: [] }),
    ticked: (current, _, { now }) => {
      if (!current.down)
        return now >= current.at + SHOWN_MS ? { next: notTransmitting, deeds: [] } : stay(current)
      const stuck = current.why === 'time-out' && now >= current.at + STUCK_MS
      return stuck ? { next: { ...current, why: 'stuck-key' }, deeds: [] } : stay(current)
    },
  },
}

const refusedBy = {
  busy: 'busy',
  denied: 'denied',
  'time-out': 'busy',
  lost: 'no-link',
} as const satisfies Record<string, RefusedWhy>

const cutBy = {
  busy: 'revoked',
  denied: 'revoked',
  'time-out': 'time-out',
  lost: 'link-lost',
} as const satisfies Record<string, CutWhy>

/** Each reason sounds so that one who does not look knows whether to wait or to look. */
const refusalTones: Readonly<Record<RefusedWhy, PermitTone>> = {
  busy: 'busy',
  denied: 'denied',
  'not-allowed': 'denied',
  'no-link': 'denied',
  'no-floor-answer': 'denied',
}

function begin(
  { turn, emergency }: Extract<TransmitEvent, { kind: 'pressed' }>,
  facts: TransmitFacts,
): TransmitStep {
  const { now, keeper } = facts
  if (!facts.mayKey) return refuse('not-allowed', now)
  if (!facts.linkUp) return refuse('no-link', now)
  if (keeper === 'channel') return byChannel(emergency, facts)
  return { next: { state: 'asking', at: now, turn, emergency }, deeds: [{ do: 'ask', turn, emergency }] }
}

/** Nobody keeps the floor but the channel: whoever is heard has it, unless somebody is in danger. */
const byChannel = (emergency: boolean, facts: TransmitFacts): TransmitStep =>
  facts.busy && !emergency ? refuse('busy', facts.now) : key(null, emergency, facts)

const key = (turn: string | null, emergency: boolean, { now }: TransmitFacts): TransmitStep => ({
  next: { state: 'keying', at: now, turn, emergency },
  deeds: [{ do: 'key', emergency }],
})

const refuse = (why: RefusedWhy, now: Instant, deeds: readonly Deed[] = []): TransmitStep => ({
  next: { state: 'refused', at: now, why, down: true },
  deeds: [...deeds, { do: 'play', tone: refusalTones[why] }],
})

const cut = (current: Held, why: CutWhy, now: Instant, down = true): TransmitStep => ({
  next: { state: 'cut', at: now, why, down },
  deeds: [...letGo(current), { do: 'play', tone: 'cut' }],
})

const letGo = ({ turn }: Held): Deed[] => [{ do: 'unkey' }, ...giveBack(turn)]

const giveBack = (turn: string | null): Deed[] => (turn === null ? [] : [{ do: 'give-back', turn }])

const stay = (next: Transmitting): TransmitStep => ({ next, deeds: [] })

/** Of the hub, to a turn that it was asked for. */
const isAnswer = (event: TransmitEvent): event is Extract<TransmitEvent, { kind: FloorAnswer }> =>
  event.kind === 'granted' || event.kind === 'queued' || event.kind === 'denied' || event.kind === 'revoked'

const isOfTurn = (current: Transmitting, turn: string): boolean => 'turn' in current && current.turn === turn
