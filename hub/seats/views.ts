/** What each signed-in seat sees, kept up with the journal. */
import type { JournalEvent } from '../../contract/events.ts'
import type { SeatSession, StateMessage } from '../../contract/hub.ts'
import { Inbox } from '../../contract/inbox.ts'
import { nextExpiry } from '../../contract/permissions.ts'
import type { Instant } from '../../contract/primitives.ts'
import type { SharedState } from '../../contract/state.ts'
import { currentGrants, followView, viewOf } from '../../contract/visibility.ts'
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
  'session.opened',
  'session.closed',
  'session.refused',
  'account.locked',
  'account.password-set',
  'device.password-set',
])

export interface Views {
  /** The session's view, from `after` on where events can tell it, and how it goes on. */
  watch(
    session: SeatSession,
    after: number | null,
    signal: AbortSignal,
  ): AsyncIterable<[number, StateMessage]>
  /** Calls `listener` with the session's view now, and at each change with what changed it. Returns its own undoing. */
  follow(session: SeatSession, listener: (view: SharedState, message?: StateMessage) => void): () => void
  of(session: SeatSession): SharedState
}

export function createViews(journal: Journal, clock: () => Instant): Views {
  const follow = (
    session: SeatSession,
    tell: (view: SharedState, message: StateMessage, seq: number) => void,
  ): (() => void) => {
    let view = viewOf(journal.state, session.account, clock())
    let timer: NodeJS.Timeout | undefined
    const expire = () => {
      view = viewOf(journal.state, session.account, clock())
      tell(view, { kind: 'snapshot', state: view }, journal.seq)
      arm()
    }
    const arm = () => {
      clearTimeout(timer)
      const at = nextExpiry(currentGrants(journal.state, session.account), clock())
      if (at === undefined) return
      const wait = at - clock()
      timer = wait > LONGEST_TIMER ? setTimeout(arm, LONGEST_TIMER) : setTimeout(expire, Math.max(0, wait))
    }
    const onAppended = ({ events, after, seq }: Appended) => {
      const following = followView(view, after, events, session.account, clock())
      view = following.view
      if (following.kind === 'anew') {
        tell(view, { kind: 'snapshot', state: view }, seq)
        arm()
      } else if (following.events.length > 0) tell(view, { kind: 'events', events: following.events }, seq)
    }
    const stop = journal.onAppended(onAppended)
    arm()
    return () => {
      stop()
      clearTimeout(timer)
    }
  }

  /** The events a seat missed, if events alone can bring it up to date. */
  const missed = async (
    session: SeatSession,
    after: number,
    upTo: number,
  ): Promise<StateMessage | undefined> => {
    if (after > upTo || upTo - after > MOST_MISSED) return undefined
    const events = (await journal.read(after, MOST_MISSED)).filter(({ seq }) => seq <= upTo)
    if (events.length !== upTo - after || !events.every(({ kind }) => harmless.has(kind))) return undefined
    const view = viewOf(journal.state, session.account, clock())
    const following = followView(view, journal.state, events, session.account, clock())
    return following.kind === 'events' ? { kind: 'events', events: following.events } : undefined
  }

  return {
    async *watch(session, after, signal) {
      const inbox = new Inbox<[number, StateMessage]>(signal)
      const seq = journal.seq
      const state = viewOf(journal.state, session.account, clock())
      const stop = follow(session, (view, message, at) => {
        if (message.kind === 'snapshot' || inbox.length >= MOST_UNREAD)
          inbox.replace([at, { kind: 'snapshot', state: view }])
        else inbox.push([at, message])
      })
      try {
        const resumed = after === null ? undefined : await missed(session, after, seq)
        yield [seq, resumed ?? { kind: 'snapshot', state }]
        yield* inbox
      } finally {
        stop()
      }
    },
    follow: (session, listener) => {
      listener(viewOf(journal.state, session.account, clock()))
      return follow(session, listener)
    },
    of: (session) => viewOf(journal.state, session.account, clock()),
  }
}
