/** What each signed-in seat sees, kept up with the journal. */
import type { Directory } from '../../contract/directory.ts'
import type { Happening, JournalEvent } from '../../contract/events.ts'
import type { SeatSession, StateMessage } from '../../contract/hub.ts'
import { Inbox } from '../../contract/inbox.ts'
import type { Instant } from '../../contract/primitives.ts'
import {
  currentGrants,
  type Reach,
  reachOf,
  type Sight,
  seenOf,
  sightOf,
  viewThrough,
} from '../../contract/visibility.ts'
import type { Appended, Journal } from '../journal/journal.ts'

/** A seat with more messages than this unread gets one snapshot in their place. */
const MOST_UNREAD = 200
/** A seat that missed more events than this gets a snapshot. */
const MOST_MISSED = 2000
/** setTimeout's longest. */
const LONGEST_TIMER = 2_147_483_647

/** Kinds of event after which a view made now is right for a seat that saw the state before them. */
const harmless = new Set<JournalEvent['kind']>([
  'site.put',
  'unit.state-set',
  'field.pass-given',
  'session.opened',
  'session.closed',
  'session.refused',
  'account.locked',
  'account.password-set',
  'device.password-set',
  'call.recorded',
  'group-call.recorded',
  'supervision.begun',
  'supervision.changed',
  'supervision.ended',
  'incident.noted',
  'incident.graded',
  'incident.joined',
  'incident.left',
  'incident.overdue',
  'incident.exported',
  'task.overdue',
  'message.sent',
  'message.marked',
  'message.carrying',
  'message.carried',
  'group.formed',
  'group.dissolved',
  'source.password-set',
  'source.watched',
  'source.left',
  'source.steered',
  'room.opened',
  'room.member-moved',
  'room.chaired',
  'room.carried',
  'room.uncarried',
  'room.ended',
])

export interface Views {
  /** The session's view, from `after` on where events can tell it, and how it goes on. */
  watch(
    session: SeatSession,
    after: number | null,
    signal: AbortSignal,
  ): AsyncIterable<[number, StateMessage]>
  /** Calls `listener` with what the session sees now, and at each change of which units. Returns its own undoing. */
  follow(session: SeatSession, listener: (sight: Sight) => void): () => void
}

const changesWhichUnits = ({ kind }: Happening): boolean => kind === 'unit.put' || kind === 'unit.removed'

export function createViews(journal: Journal, clock: () => Instant): Views {
  const reaching = rememberingReach()
  const look = ({ account }: SeatSession): Sight => sightOf(journal.state, account, clock(), reaching)

  /** Tells of each stretch of events in sight; of none where the sight itself is new. */
  const keepUp = (
    session: SeatSession,
    tell: (sight: Sight, events: readonly Happening[] | undefined) => void,
  ): (() => void) => {
    let sight = look(session)
    let timer: NodeJS.Timeout | undefined
    const arm = () => {
      clearTimeout(timer)
      if (sight.until === undefined) return
      const wait = sight.until - clock()
      timer = wait > LONGEST_TIMER ? setTimeout(arm, LONGEST_TIMER) : setTimeout(lookAgain, Math.max(0, wait))
    }
    const lookAgain = () => {
      sight = look(session)
      arm()
      tell(sight, undefined)
    }
    const stop = journal.onAppended((appended: Appended) => {
      const seen = seenOf(sight, appended, clock())
      if (seen === undefined) lookAgain()
      else if (seen.events.length > 0) {
        sight = seen.sight
        tell(sight, seen.events)
      }
    })
    arm()
    return () => {
      stop()
      clearTimeout(timer)
    }
  }

  const snapshot = (sight: Sight): StateMessage => ({
    kind: 'snapshot',
    state: viewThrough(journal.state, sight),
  })

  /** The events a seat missed, if events alone can bring it up to date. */
  const missed = async (
    session: SeatSession,
    after: number,
    upTo: number,
  ): Promise<StateMessage | undefined> => {
    if (after > upTo || upTo - after > MOST_MISSED) return undefined
    const [last, ...events] = (await journal.read(after - 1, MOST_MISSED + 1)).filter(
      ({ seq }) => seq <= upTo,
    )
    if (last?.seq !== after || events.length !== upTo - after) return undefined
    if (!events.every(({ kind }) => harmless.has(kind))) return undefined
    const now = clock()
    const ranOut = currentGrants(journal.state, session.account).some(
      ({ until }) => until !== null && until > last.at && until <= now,
    )
    if (ranOut) return undefined
    const seen = seenOf(look(session), { events, before: journal.state, after: journal.state }, now)
    return seen && { kind: 'events', events: seen.events }
  }

  return {
    async *watch(session, after, signal) {
      const inbox = new Inbox<[number, StateMessage]>(signal)
      const seq = journal.seq
      const stop = keepUp(session, (sight, events) => {
        if (events === undefined || inbox.length >= MOST_UNREAD) inbox.replace([journal.seq, snapshot(sight)])
        else inbox.push([journal.seq, { kind: 'events', events }])
      })
      try {
        const resumed = after === null ? undefined : await missed(session, after, seq)
        if (resumed === undefined) inbox.replace([journal.seq, snapshot(look(session))])
        else yield [seq, resumed]
        yield* inbox
      } finally {
        stop()
      }
    },
    follow: (session, listener) => {
      listener(look(session))
      return keepUp(session, (sight, events) => {
        if (events === undefined || events.some(changesWhichUnits)) listener(sight)
      })
    },
  }
}

/** Seats of one role and scope see the same units: it is worked out once for each state of the directory. */
function rememberingReach(): typeof reachOf {
  const known = new Map<string, Reach>()
  let of: Directory | undefined
  return (state, grants, now) => {
    // Which units an incident has changes with every task.
    if (grants.some(({ scope }) => scope.kind === 'incident')) return reachOf(state, grants, now)
    const { directory } = state
    if (directory !== of) known.clear()
    of = directory
    const scopes = grants
      .filter(({ capabilities, until }) => capabilities.includes('view') && (until === null || now < until))
      .map(({ scope }) => scope)
    const key = JSON.stringify(scopes)
    const reach = known.get(key) ?? reachOf(state, grants, now)
    known.set(key, reach)
    return reach
  }
}
