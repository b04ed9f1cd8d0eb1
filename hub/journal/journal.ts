/**
 * The journal: the hub's append-only record, and the shared state that is a fold over it.
 *
 * Submissions are decided one after another, written together in one durable transaction, and only
 * then acknowledged. Several hubs may share a database: the primary key on `seq` lets one of them
 * win each place, and the others read on, decide again and try the next.
 */
import { createDraft, finishDraft } from 'immer'
import type { Receipt } from '../../contract/commands.ts'
import type { Actor, Happening, JournalEvent } from '../../contract/events.ts'
import type { Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import { applyEvent, emptyState, fold, type SharedState } from '../../contract/state.ts'
import { type Database, integer, type Statement, text, UniqueViolation } from '../store/database.ts'
import {
  breakAt,
  type Chained,
  chain,
  emptyHead,
  eventOf,
  type Head,
  headOf,
  insertion,
  JournalDamage,
  readRow,
} from './chain.ts'

/** Raise it when `applyEvent` comes to give another state for the same events. */
export const FOLD_VERSION = 7
const SNAPSHOT_EVERY = 2000
const READ_AT_ONCE = 2000
const BATCH = 256

export interface Submitted {
  readonly actor: Actor
  /** Makes the submission happen once, however often it is sent by this actor. */
  readonly key?: string
  /**
   * What happens, in the state as it is. Throws a `Refusal` if it may not. Pure: it may be called again.
   * The state is a draft that ends with the call: nothing that holds a part of it may be kept.
   */
  decide(state: SharedState, now: Instant): readonly Happening[]
}

/** A stretch of the journal and the states before and after it. */
export interface Appended {
  readonly events: readonly JournalEvent[]
  readonly before: SharedState
  readonly after: SharedState
  readonly seq: number
}

export interface Journal {
  readonly state: SharedState
  readonly seq: number
  submit(submitted: Submitted): Promise<Receipt>
  /** Calls `listener` after each stretch, whichever hub wrote it. Returns its own undoing. */
  onAppended(listener: (appended: Appended) => void): () => void
  /** Events after `seq`, at most `limit`. */
  read(seq: number, limit: number): Promise<JournalEvent[]>
  close(): Promise<void>
}

export interface JournalOptions {
  readonly database: Database
  readonly clock: () => Instant
  /** Called when the journal can no longer be trusted; the hub must stop. */
  readonly onDamage: (error: Error) => void
  /** Told what the store failed with, for the operator's log; whoever submitted hears only that it did. */
  readonly onTrouble?: (error: unknown) => void
}

interface Waiting {
  readonly submitted: Submitted
  resolve(receipt: Receipt): void
  reject(error: unknown): void
}

/** Reads the journal from its last snapshot on. Rejects with `JournalDamage` if its chain is broken. */
export async function openJournal({
  database,
  clock,
  onDamage,
  onTrouble = () => undefined,
}: JournalOptions): Promise<Journal> {
  let { state, head, snapshotSeq } = await loadSnapshot(database)
  const listeners = new Set<(appended: Appended) => void>()
  let queue: Waiting[] = []
  let turn: Promise<void> = Promise.resolve()
  let scheduled = false
  let closed = false

  const advance = (events: readonly JournalEvent[], after: SharedState, newHead: Head) => {
    const before = state
    state = after
    head = newHead
    if (events.length > 0)
      for (const listener of listeners) listener({ events, before, after, seq: head.seq })
  }

  /** Takes in what other hubs, or an operator's tool, have written. */
  const catchUp = async () => {
    for (;;) {
      const rows = await database.rows('SELECT * FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2', [
        head.seq,
        READ_AT_ONCE,
      ])
      if (rows.length === 0) return
      let newHead = head
      const events = rows.map((raw) => {
        const row = readRow(raw)
        const broken = breakAt(newHead, row)
        if (broken !== undefined) throw new JournalDamage(broken)
        newHead = headOf(row)
        return eventOf(row)
      })
      advance(events, fold(state, events), newHead)
    }
  }

  const keepSnapshot = async () => {
    if (head.seq === snapshotSeq) return
    snapshotSeq = head.seq
    await database.transact([
      { sql: 'DELETE FROM snapshot WHERE id = 1 AND seq <= $1', values: [head.seq] },
      {
        sql: `INSERT INTO snapshot (id, seq, hash, fold, state) VALUES (1, $1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`,
        values: [head.seq, head.hash, FOLD_VERSION, JSON.stringify(state)],
      },
    ])
  }

  /** Decides and writes one batch. Leaves everybody in it settled. */
  const settle = async (batch: Waiting[]) => {
    let open = batch
    for (;;) {
      open = await settleRepeats(open)
      const draft = decide(open)
      if (draft.statements.length > 0) {
        try {
          await database.transactAndAnnounce(draft.statements)
        } catch (error) {
          if (!(error instanceof UniqueViolation)) throw error
          await catchUp()
          continue
        }
        advance(draft.events, draft.state, draft.head)
      }
      for (const answer of draft.answers) answer()
      return
    }
  }

  /** Answers what has been done before; returns the rest. */
  const settleRepeats = async (batch: Waiting[]): Promise<Waiting[]> => {
    const keyed = batch.flatMap(({ submitted: { actor, key } }) =>
      key === undefined ? [] : [JSON.stringify(actor), key],
    )
    if (keyed.length === 0) return batch
    const places = Array.from(
      { length: keyed.length / 2 },
      (_, at) => `$${2 * at + 1} AND key = $${2 * at + 2}`,
    )
    const rows = await database.rows(
      `SELECT actor, key, seq FROM command WHERE actor = ${places.join(' OR actor = ')}`,
      keyed,
    )
    const done = new Map(rows.map((row) => [`${text(row.actor)} ${text(row.key)}`, integer(row.seq)]))
    return batch.filter(({ submitted, resolve }) => {
      const seq = done.get(`${JSON.stringify(submitted.actor)} ${submitted.key}`)
      if (seq !== undefined) resolve({ seq })
      return seq === undefined
    })
  }

  const decide = (batch: readonly Waiting[]) => {
    const statements: Statement[] = []
    const events: JournalEvent[] = []
    const answers: (() => void)[] = []
    const keys = new Map<string, number>()
    const now = clock()
    // One draft for the whole batch: a state of ten thousand units takes milliseconds to copy.
    let draft: SharedState | undefined
    let draftHead = head
    for (const { submitted, resolve, reject } of batch) {
      const actor = JSON.stringify(submitted.actor)
      const key = submitted.key === undefined ? undefined : `${actor} ${submitted.key}`
      const repeated = key === undefined ? undefined : keys.get(key)
      if (repeated !== undefined) {
        answers.push(() => resolve({ seq: repeated }))
        continue
      }
      let own: Chained[]
      try {
        own = chained(draftHead, submitted.decide(draft ?? state, now), submitted.actor, now)
      } catch (refusal) {
        answers.push(() => reject(refusal))
        continue
      }
      for (const { row, event } of own) {
        statements.push(insertion(row))
        events.push(event)
        draft ??= createDraft(state)
        applyEvent(draft, event)
        draftHead = headOf(row)
      }
      const { seq } = draftHead
      if (submitted.key !== undefined)
        statements.push({
          sql: 'INSERT INTO command (actor, key, seq) VALUES ($1, $2, $3)',
          values: [actor, submitted.key, seq],
        })
      if (key !== undefined) keys.set(key, seq)
      answers.push(() => resolve({ seq }))
    }
    return {
      statements,
      events,
      answers,
      state: draft === undefined ? state : finishDraft(draft),
      head: draftHead,
    }
  }

  /** One thing at a time touches the state. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }

  const drain = async () => {
    scheduled = false
    const batch = queue.slice(0, BATCH)
    queue = queue.slice(BATCH)
    if (queue.length > 0) schedule()
    try {
      await settle(batch)
      if (head.seq - snapshotSeq >= SNAPSHOT_EVERY) await keepSnapshot()
    } catch (error) {
      for (const { reject } of batch) reject(storeUnavailable())
      if (error instanceof JournalDamage) onDamage(error)
      else onTrouble(error)
    }
  }

  const schedule = () => {
    if (scheduled) return
    scheduled = true
    void inTurn(drain)
  }

  const deaf = database.onAnnouncement(() => {
    if (closed) return
    void inTurn(catchUp).catch((error) => {
      if (error instanceof JournalDamage) onDamage(error)
      else onTrouble(error)
    })
  })

  await inTurn(catchUp)

  return {
    get state() {
      return state
    },
    get seq() {
      return head.seq
    },
    submit: (submitted) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(storeUnavailable())
          return
        }
        queue.push({ submitted, resolve, reject })
        schedule()
      }),
    onAppended: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    read: async (seq, limit) => {
      const rows = await database.rows('SELECT * FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2', [
        seq,
        limit,
      ])
      return rows.map((row) => eventOf(readRow(row)))
    },
    close: async () => {
      closed = true
      deaf()
      while (queue.length > 0 || scheduled) await inTurn(async () => undefined)
      // It only spares the next start some reading.
      await inTurn(keepSnapshot).catch(onTrouble)
    },
  }
}

function chained(head: Head, happenings: readonly Happening[], actor: Actor, now: Instant): Chained[] {
  const links: Chained[] = []
  let at = head
  for (const happening of happenings) {
    const link = chain(at, happening, actor, now)
    links.push(link)
    at = headOf(link.row)
  }
  return links
}

const storeUnavailable = () => new Refusal('store-unavailable', { why: 'the hub cannot write its journal' })

async function loadSnapshot(database: Database) {
  const [row] = await database.rows(
    `SELECT snapshot.seq, snapshot.hash, snapshot.fold, snapshot.state, journal.at, journal.hash AS journal_hash
     FROM snapshot JOIN journal ON journal.seq = snapshot.seq WHERE snapshot.id = 1`,
  )
  if (row === undefined || integer(row.fold) !== FOLD_VERSION)
    return { state: emptyState, head: emptyHead, snapshotSeq: 0 }
  const seq = integer(row.seq)
  if (row.hash !== row.journal_hash)
    throw new JournalDamage(`event ${seq} is not the one the snapshot was taken after`)
  const head: Head = { seq, at: integer(row.at), hash: text(row.hash) }
  return { state: stateIn(text(row.state)), head, snapshotSeq: seq }
}

function stateIn(snapshot: string): SharedState {
  try {
    return JSON.parse(snapshot)
  } catch {
    throw new JournalDamage("the journal's snapshot can't be read")
  }
}
