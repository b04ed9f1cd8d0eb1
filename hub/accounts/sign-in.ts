/** Signing in and out, with lock-out; every attempt that is not itself locked out is journalled. */
import type { Account } from '../../contract/accounts.ts'
import type { Happening } from '../../contract/events.ts'
import type { Admission, Credentials, SeatSession } from '../../contract/hub.ts'
import { type Id, type Instant, isRecordKey } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { SharedState } from '../../contract/state.ts'
import type { Journal } from '../journal/journal.ts'
import { openQueue } from '../queue.ts'
import { type Database, integer, type Statement } from '../store/database.ts'
import { checkPassword, passwordStatement } from './credentials.ts'
import {
  afterFailure,
  type Guesses,
  isLocked,
  type LockoutSubject,
  lockoutPolicies,
  noGuesses,
} from './lockout.ts'
import { closeSession, closeSessionsOf, openSession, sessionClosed } from './sessions.ts'

/** Passwords being checked at once: each takes 32 MiB and a core. */
const CHECKS_AT_ONCE = 2
const CHECKS_WAITING = 32

export interface Door {
  signIn(credentials: Credentials, address: string): Promise<Admission>
  /** Lets somebody in who has shown by other means than a password that they may. */
  admit(account: Id, address: string): Promise<Admission>
  signOut(session: SeatSession): Promise<void>
  /** Ends every other session of the account. */
  changePassword(
    session: SeatSession,
    change: { current: string; next: string },
    address: string,
  ): Promise<void>
}

export interface DoorOptions {
  readonly database: Database
  readonly journal: Journal
  readonly clock: () => Instant
}

export function openDoor({ database, journal, clock }: DoorOptions): Door {
  const inQueue = openQueue(CHECKS_AT_ONCE, CHECKS_WAITING)
  const oneByOne = openQueue(1, Number.POSITIVE_INFINITY)

  const guessesOf = async (subject: string): Promise<Guesses> => {
    const [row] = await database.rows('SELECT * FROM guess WHERE subject = $1', [subject])
    return row === undefined
      ? noGuesses
      : {
          failures: integer(row.failures),
          lastAt: integer(row.last_at),
          lockedUntil: integer(row.locked_until),
        }
  }

  const keep = (subject: string, { failures, lastAt, lockedUntil }: Guesses) => ({
    sql: `INSERT INTO guess (subject, failures, last_at, locked_until) VALUES ($1, $2, $3, $4)
          ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures,
            last_at = excluded.last_at, locked_until = excluded.locked_until`,
    values: [subject, failures, lastAt, lockedUntil],
  })

  const refuseLocked = async (subjects: readonly Subject[]) => {
    for (const { key } of subjects) {
      const guesses = await guessesOf(key)
      const now = clock()
      if (isLocked(guesses, now)) throw lockedOut(guesses.lockedUntil, now)
    }
  }

  /** Counts a wrong password; says until when that locks somebody out, or 0. */
  const count = async (subjects: readonly Subject[]): Promise<Instant> => {
    const now = clock()
    let until = 0
    const statements: Statement[] = [
      {
        sql: 'DELETE FROM guess WHERE last_at < $1 AND locked_until < $2',
        values: [now - longestMemory, now],
      },
    ]
    for (const { key, kind } of subjects) {
      const guesses = afterFailure(await guessesOf(key), now, lockoutPolicies[kind])
      statements.push(keep(key, guesses))
      if (isLocked(guesses, now)) until = Math.max(until, guesses.lockedUntil)
    }
    await database.transact(statements)
    return until
  }

  /** Checks a password under the lock-out rules. Throws the refusal; says nothing of whether the account exists. */
  const prove = async (name: string, password: string, address: string) => {
    const subjects = subjectsOf(name, address)
    await refuseLocked(subjects)
    const account = accountOf(journal.state, name)
    const { right, until } = await inQueue(async () => {
      // Those ahead in the queue may have been guesses too.
      await refuseLocked(subjects)
      const right = await checkPassword(database, 'account', name, password)
      return { right, until: right ? 0 : await oneByOne(() => count(subjects)) }
    })
    if (right && account !== undefined && !account.disabled) {
      const [mine] = subjects
      await database.transact([{ sql: 'DELETE FROM guess WHERE subject = $1', values: [mine.key] }])
      return account
    }
    await journal.submit({ actor: { kind: 'hub' }, decide: () => refused(account, name, address, until) })
    throw until > 0 ? lockedOut(until, clock()) : new Refusal('wrong-password')
  }

  const admit = async (account: Account, address: string): Promise<Admission> => {
    const opened = await openSession(database, account.id, address, clock())
    const data = { account: account.id, session: opened.id, address }
    await journal.submit({
      actor: { kind: 'account', account: account.id },
      decide: () => [{ kind: 'session.opened', subject: `account/${account.id}`, area: null, data }],
    })
    return { token: opened.token, account, until: opened.until }
  }

  return {
    signIn: async ({ account: name, password }, address) =>
      admit(await prove(name, password, address), address),
    admit: async (id, address) => {
      const account = accountOf(journal.state, id)
      if (account === undefined || account.disabled) throw new Refusal('wrong-password')
      return admit(account, address)
    },
    signOut: async (session) => {
      await closeSession(database, session.id)
      await journal.submit({
        actor: { kind: 'account', account: session.account },
        decide: () => [sessionClosed(session, 'signed-out')],
      })
    },
    changePassword: async (session, { current, next }, address) => {
      const account = await prove(session.account, current, address)
      await database.transact([await passwordStatement('account', account.id, next)])
      const others = await closeSessionsOf(database, account.id, session.id)
      await journal.submit({
        actor: { kind: 'account', account: account.id },
        decide: () => [
          {
            kind: 'account.password-set',
            subject: `account/${account.id}`,
            area: null,
            data: { id: account.id },
          },
          ...others.map((id) => sessionClosed({ id, account: account.id }, 'revoked')),
        ],
      })
    },
  }
}

interface Subject {
  readonly kind: LockoutSubject
  readonly key: string
}

const subjectsOf = (name: string, address: string): readonly [Subject, ...Subject[]] => [
  { kind: 'account-at-address', key: `account-at-address ${address} ${name}` },
  { kind: 'address', key: `address ${address}` },
  { kind: 'account', key: `account ${name}` },
]

const longestMemory = Math.max(...Object.values(lockoutPolicies).map(({ memory }) => memory))

const accountOf = ({ access }: SharedState, name: string): Account | undefined =>
  isRecordKey(name) ? access.accounts[name] : undefined

function refused(account: Account | undefined, name: string, address: string, until: Instant): Happening[] {
  const refusal: Happening = {
    kind: 'session.refused',
    subject: `account/${name}`,
    area: null,
    data: { account: name, address },
  }
  if (account === undefined || until === 0) return [refusal]
  return [
    refusal,
    { kind: 'account.locked', subject: `account/${name}`, area: null, data: { id: account.id, until } },
  ]
}

const lockedOut = (until: Instant, now: Instant) =>
  new Refusal('locked-out', { seconds: Math.ceil((until - now) / 1000) })
