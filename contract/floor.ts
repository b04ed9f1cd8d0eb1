/**
 * Who may talk on a radio channel: the floor.
 *
 * Half-duplex voice has one talker at a time. Seats ask for the floor, hold it while their key is down, wait in a
 * queue, and lose it to an emergency or to the clock. The terms and the outcomes are those of 3GPP TS 24.380, 6.3
 * (floor control server); its timers T1 (end of RTP media) and T2 (stop talking) are `silenceMs` and `talkMs`. Radios
 * ask nobody: while one is heard the floor is nobody's to give, but to an emergency.
 *
 * Hang time is TS 22.179's: the longest silence between transmissions of one conversation. What it keeps there is the
 * call; a channel is always up, so here it is the floor. Until it is over, whoever has talked in the conversation
 * has the floor at once, and so has the first who answers; others wait, unless they come before routine.
 *
 * Pure: no clock, no socket. The hub feeds it events and delivers its notices.
 */
import type { Instant } from './primitives.ts'

/** Whoever can ask for the floor. */
type TalkerId = string

/** A higher one waits in front of a lower. An emergency cuts whoever talks, but another emergency. */
export const floorPriorities = ['routine', 'supervisor', 'emergency'] as const
export type FloorPriority = (typeof floorPriorities)[number]

export interface FloorPolicy {
  /** The longest anybody talks, and the longest a radio that is heard counts, ms. */
  readonly talkMs: number
  /** How long a talker may give no sign of life before the floor is taken back, ms. */
  readonly silenceMs: number
  readonly hangMs: number
  /** How many wait; 0: whoever asks while another talks is denied. */
  readonly queue: number
}

/** One press of a key. */
export interface Turn {
  /** Of this press: what is said of one before is not taken for it. */
  readonly id: string
  readonly talker: TalkerId
  readonly priority: FloorPriority
}

/** Seats, and radios by what they are heard as. */
type Conversation = readonly string[]

type Holding =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'taken'
      readonly turn: Turn
      readonly since: Instant
      /** The talker's last sign of life. */
      readonly aliveAt: Instant
      readonly conversation: Conversation
    }
  | { readonly kind: 'hanging'; readonly until: Instant; readonly conversation: Conversation }

export interface Floor {
  readonly holding: Holding
  /** Best first: by priority, then by arrival. Each talker once, and never the one who talks. */
  readonly queue: readonly Turn[]
  /** Radios that are heard, by the seat that hears them. */
  readonly heard: readonly { readonly by: TalkerId; readonly radio: string | null; readonly since: Instant }[]
}

export const idleFloor: Floor = { holding: { kind: 'idle' }, queue: [], heard: [] }

interface FloorEvents {
  /** Another turn of the same talker is over by it. */
  readonly requested: { readonly turn: Turn }
  readonly alive: { readonly talker: TalkerId; readonly turn: string }
  /** The key came up. */
  readonly released: { readonly talker: TalkerId; readonly turn: string }
  /** May talk here no more. */
  readonly barred: { readonly talker: TalkerId }
  /** Is not there any more. */
  readonly left: { readonly talker: TalkerId }
  /** `radio`: null where it does not say which it is. */
  readonly 'radio-heard': { readonly by: TalkerId; readonly radio: string | null }
  readonly 'radio-over': { readonly by: TalkerId }
  readonly ticked: object
}
export type FloorEvent<K extends keyof FloorEvents = keyof FloorEvents> = {
  [P in K]: { readonly kind: P } & FloorEvents[P]
}[K]

type FloorRevocation = 'pre-empted' | 'time-out' | 'silent' | 'revoked'

export type FloorNotice = { readonly talker: TalkerId; readonly turn: string } & (
  | { readonly kind: 'granted' }
  /** `place`: 0 is next. Told again when it changes. */
  | { readonly kind: 'queued'; readonly place: number }
  /** `busy`: nobody more may wait, or who does comes before. */
  | { readonly kind: 'denied'; readonly why: 'busy' | 'not-allowed' }
  | { readonly kind: 'revoked'; readonly why: FloorRevocation }
)

export interface FloorStep {
  readonly floor: Floor
  readonly notices: readonly FloorNotice[]
}

/**
 * Moves the floor by one event. Never throws; an event that means nothing here changes nothing. What has run out by
 * `now` is over before the event counts, however late the event comes.
 */
export function stepFloor<K extends keyof FloorEvents>(
  floor: Floor,
  event: FloorEvent<K>,
  now: Instant,
  policy: FloorPolicy,
): FloorStep {
  const expired = expire(floor, now, policy)
  const moved = outcomes[event.kind](expired.floor, event, now, policy)
  const settled = settle(moved.floor, now, policy)
  return {
    floor: settled.floor,
    notices: [
      ...expired.notices,
      ...moved.notices,
      ...settled.notices,
      ...placesTold(floor.queue, settled.floor.queue),
    ],
  }
}

/** When `ticked` is next worth sending; undefined: the clock changes nothing. */
export function floorDeadline(floor: Floor, policy: FloorPolicy): Instant | undefined {
  const { holding, heard } = floor
  const deadlines = heard.map(({ since }) => since + policy.talkMs)
  if (holding.kind === 'taken')
    deadlines.push(holding.since + policy.talkMs, holding.aliveAt + policy.silenceMs)
  if (holding.kind === 'hanging') deadlines.push(holding.until)
  return deadlines.length === 0 ? undefined : Math.min(...deadlines)
}

/** Whose turn it is. */
export const holderOf = ({ holding }: Floor): Turn | undefined =>
  holding.kind === 'taken' ? holding.turn : undefined

/** Nobody talks, waits or is heard, and no conversation is open: it need not be remembered. */
export const isQuiet = ({ holding, queue, heard }: Floor): boolean =>
  holding.kind === 'idle' && queue.length === 0 && heard.length === 0

const rank: Readonly<Record<FloorPriority, number>> = { routine: 0, supervisor: 1, emergency: 2 }

type Outcomes = {
  readonly [K in keyof FloorEvents]: (
    floor: Floor,
    event: FloorEvent<K>,
    now: Instant,
    policy: FloorPolicy,
  ) => FloorStep
}

const outcomes: Outcomes = {
  requested: (floor, { turn }, now, policy) => {
    const { holding } = floor
    if (holding.kind === 'taken' && isTurn(holding.turn, turn.talker, turn.id)) {
      const held = rank[turn.priority] > rank[holding.turn.priority] ? turn : holding.turn
      return {
        floor: { ...floor, holding: { ...holding, turn: held, aliveAt: now } },
        notices: [{ kind: 'granted', talker: turn.talker, turn: turn.id }],
      }
    }
    const others = giveUp(floor, (other) => other.talker === turn.talker && other.id !== turn.id, now, policy)
    const queue = enqueue(others.queue, turn)
    if (queue !== others.queue) return silently({ ...others, queue })
    const place = queue.findIndex(({ talker }) => talker === turn.talker)
    return { floor: others, notices: [{ kind: 'queued', talker: turn.talker, turn: turn.id, place }] }
  },
  alive: (floor, { talker, turn }, now) => {
    const { holding } = floor
    return silently(
      holding.kind === 'taken' && isTurn(holding.turn, talker, turn)
        ? { ...floor, holding: { ...holding, aliveAt: now } }
        : floor,
    )
  },
  released: (floor, { talker, turn }, now, policy) =>
    silently(giveUp(floor, (own) => isTurn(own, talker, turn), now, policy)),
  barred: (floor, { talker }, now, policy) => {
    const talks = holderOf(floor)
    const waits = floor.queue.find((turn) => turn.talker === talker)
    return {
      floor: withoutHeard(
        giveUp(floor, (turn) => turn.talker === talker, now, policy),
        ({ by }) => by === talker,
        now,
        policy,
      ),
      notices: [
        ...(talks?.talker === talker ? [revoked(talks, 'revoked')] : []),
        ...(waits === undefined ? [] : [denied(waits, 'not-allowed')]),
      ],
    }
  },
  left: (floor, { talker }, now, policy) =>
    silently(
      withoutHeard(
        giveUp(floor, (turn) => turn.talker === talker, now, policy),
        ({ by }) => by === talker,
        now,
        policy,
      ),
    ),
  'radio-heard': (floor, { by, radio }, now) => {
    const { holding } = floor
    const heard = [...floor.heard.filter((other) => other.by !== by), { by, radio, since: now }]
    return silently({
      ...floor,
      heard,
      // What does not say who it is may be the talker's own voice, heard before it was known that he talks.
      holding:
        holding.kind === 'idle' || radio === null
          ? holding
          : { ...holding, conversation: joined(holding, radio) },
    })
  },
  'radio-over': (floor, { by }, now, policy) =>
    silently(withoutHeard(floor, (heard) => heard.by === by, now, policy)),
  ticked: silently,
}

function silently(floor: Floor): FloorStep {
  return { floor, notices: [] }
}

/** What has run out: the talker's time, a radio that is heard too long, a conversation. */
function expire(floor: Floor, now: Instant, policy: FloorPolicy): FloorStep {
  const heard = withoutHeard(floor, ({ since }) => now - since >= policy.talkMs, now, policy)
  const { holding } = heard
  if (holding.kind === 'hanging' && now >= holding.until)
    return silently({ ...heard, holding: { kind: 'idle' } })
  if (holding.kind !== 'taken') return silently(heard)
  const why =
    now - holding.since >= policy.talkMs
      ? 'time-out'
      : now - holding.aliveAt >= policy.silenceMs
        ? 'silent'
        : undefined
  if (why === undefined) return silently(heard)
  return {
    floor: { ...heard, holding: hang(holding.conversation, now, policy) },
    notices: [revoked(holding.turn, why)],
  }
}

/** Gives the floor to the first who may have it now, and sends away those for whom the queue has no place. */
function settle(floor: Floor, now: Instant, policy: FloorPolicy): FloorStep {
  const { holding } = floor
  const next = floor.queue.find((turn) => mayTalk(floor, turn))
  if (next === undefined) return trim(floor, policy)
  const granted = trim(
    {
      ...floor,
      holding: {
        kind: 'taken',
        turn: next,
        since: now,
        aliveAt: now,
        conversation: holding.kind === 'idle' ? [next.talker] : joined(holding, next.talker),
      },
      queue: floor.queue.filter((turn) => turn !== next),
    },
    policy,
  )
  return {
    floor: granted.floor,
    notices: [
      ...(holding.kind === 'taken' ? [revoked(holding.turn, 'pre-empted')] : []),
      { kind: 'granted', talker: next.talker, turn: next.id },
      ...granted.notices,
    ],
  }
}

function mayTalk({ holding, heard }: Floor, turn: Turn): boolean {
  const isEmergency = turn.priority === 'emergency'
  if (holding.kind === 'taken') return isEmergency && holding.turn.priority !== 'emergency'
  if (heard.length > 0) return isEmergency
  return (
    holding.kind === 'idle' ||
    turn.priority !== 'routine' ||
    holding.conversation.length < 2 ||
    holding.conversation.includes(turn.talker)
  )
}

function trim(floor: Floor, { queue }: FloorPolicy): FloorStep {
  if (floor.queue.length <= queue) return silently(floor)
  return {
    floor: { ...floor, queue: floor.queue.slice(0, queue) },
    notices: floor.queue.slice(queue).map((turn) => denied(turn, 'busy')),
  }
}

/** Without these turns: whoever talks stops, whoever waits does no more. */
function giveUp(floor: Floor, isOver: (turn: Turn) => boolean, now: Instant, policy: FloorPolicy): Floor {
  const { holding, queue } = floor
  const isOverNow = holding.kind === 'taken' && isOver(holding.turn)
  if (!isOverNow && !queue.some(isOver)) return floor
  return {
    ...floor,
    holding: isOverNow ? hang(holding.conversation, now, policy) : holding,
    queue: queue.filter((turn) => !isOver(turn)),
  }
}

type Heard = Floor['heard'][number]

/** A radio that did not say which it is, and began a conversation. */
const SOME_RADIO = 'radio'

/** Without these radios; the last of them leaves a conversation, as a seat does. */
function withoutHeard(
  floor: Floor,
  isOver: (heard: Heard) => boolean,
  now: Instant,
  policy: FloorPolicy,
): Floor {
  const heard = floor.heard.filter((radio) => !isOver(radio))
  if (heard.length === floor.heard.length) return floor
  if (heard.length > 0 || floor.holding.kind === 'taken') return { ...floor, heard }
  const known = floor.holding.kind === 'hanging' ? floor.holding.conversation : []
  const named = floor.heard.flatMap(({ radio }) => radio ?? [])
  const conversation = [...new Set([...known, ...named])]
  return {
    ...floor,
    heard,
    holding: hang(conversation.length === 0 ? [SOME_RADIO] : conversation, now, policy),
  }
}

const hang = (conversation: Conversation, now: Instant, { hangMs }: FloorPolicy): Holding =>
  hangMs === 0 ? { kind: 'idle' } : { kind: 'hanging', until: now + hangMs, conversation }

const joined = ({ conversation }: { readonly conversation: Conversation }, who: string): Conversation =>
  conversation.includes(who) ? conversation : [...conversation, who]

/** A repeated request keeps its place unless its priority rose. */
function enqueue(queue: readonly Turn[], turn: Turn): readonly Turn[] {
  const waiting = queue.find(({ talker }) => talker === turn.talker)
  if (waiting !== undefined && rank[waiting.priority] >= rank[turn.priority]) return queue
  const others = queue.filter((other) => other !== waiting)
  const place = others.findIndex((other) => rank[other.priority] < rank[turn.priority])
  return place < 0 ? [...others, turn] : others.toSpliced(place, 0, turn)
}

/** To those who wait at another place than before. */
const placesTold = (before: readonly Turn[], after: readonly Turn[]): FloorNotice[] =>
  after.flatMap((turn, place) =>
    before[place]?.id === turn.id && before[place].talker === turn.talker
      ? []
      : [{ kind: 'queued', talker: turn.talker, turn: turn.id, place }],
  )

const isTurn = (turn: Turn, talker: TalkerId, id: string): boolean => turn.talker === talker && turn.id === id

const revoked = (turn: Turn, why: FloorRevocation): FloorNotice => ({
  kind: 'revoked',
  talker: turn.talker,
  turn: turn.id,
  why,
})

const denied = (turn: Turn, why: 'busy' | 'not-allowed'): FloorNotice => ({
  kind: 'denied',
  talker: turn.talker,
  turn: turn.id,
  why,
})
