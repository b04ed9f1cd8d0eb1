/** The seat's link to the hub: reaches it, signs in, keeps the mirror, the outbox and the positions going. */
import { mkdir } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { TRPCClient } from '@trpc/client'
import * as z from 'zod'
import type { Command } from '../../../contract/commands.ts'
import type { HubGreeting, Link, Outcome, Session } from '../../../contract/engine.ts'
import {
  type Admission,
  admissionSchema,
  CONTRACT_VERSION,
  type Credentials,
  type FrameSink,
  type HubRouter,
  type HubStatus,
  type StateMessage,
} from '../../../contract/hub.ts'
import type { Id, Instant } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import { refusedBy } from '../../../contract/rpc.ts'
import type { HubAddress, Wakefulness } from '../../../contract/shell.ts'
import type { SharedState } from '../../../contract/state.ts'
import { Watched } from '../../../contract/watched.ts'
import { type Connection, connect } from './connection.ts'
import { lampsOf } from './lamps.ts'
import { openMirror } from './mirror.ts'
import { openOutbox } from './outbox.ts'
import { createPositionMirror } from './position-mirror.ts'

const LOOK_EVERY_MS = 1_000
/** Who leaves waits no longer than this for the last of what was done here to be taken down. */
const HAND_IN_WITHIN_MS = 3_000
/** A hub that takes longer than this over an answer counts as not answering. */
const ANSWER_WITHIN_MS = 15_000

export interface HubLink {
  readonly greeting: Watched<HubGreeting>
  readonly session: Watched<Session>
  readonly link: Watched<Link>
  /** Goes to this hub from now on. Whoever is signed in stays so only if it is the same one at another address. */
  use(hub: HubAddress): void
  /** The hub that was to be used could not be started. */
  failed(why: string): void
  signIn(credentials: Credentials): Promise<void>
  /** Once what was done here is handed in, or a few seconds later: what is left waits until the officer is back. */
  signOut(): Promise<void>
  watchState(signal: AbortSignal): AsyncIterable<StateMessage>
  joinPositions(sink: FrameSink): void
  /** As whoever is signed in, or as this account: then it may have to wait until that one signs in again. */
  submit(command: Command, account?: Id): Promise<Outcome>
  dismissLapse(id: string): void
  /** Calls the hub as the signed-in seat. Rejects with a `Refusal`. */
  ask<T>(call: (hub: TRPCClient<HubRouter>, signal: AbortSignal) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface HubLinkOptions {
  readonly folder: string
  readonly clock: () => Instant
  /** What an engine before this one left, to go on with its session. */
  readonly ticket: string | null
  onTrouble(what: string, error: unknown): void
  onState(state: SharedState): void
  /** The officer leaves: ends what is theirs. Resolves once that is noted. */
  onLeaving(): Promise<void>
  /** The hub is there, as the seat that is signed in. Returns what is to be done when it isn't any more. */
  onUp(client: TRPCClient<HubRouter>): () => void
  keepTicket(ticket: string | null): void
  keepAwake(wakefulness: Wakefulness): void
}

const ticketSchema = z.object({ hub: z.string(), admission: admissionSchema })

interface Seat {
  readonly connection: Connection
  readonly admission: Admission
  up: boolean
  /** Undoes `onUp`. */
  down: () => void
  /** The officer has asked to sign out: what the hub says from now on is no news. */
  leaving: boolean
}

export async function openHubLink(options: HubLinkOptions): Promise<HubLink> {
  const { folder, clock, onTrouble } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const greeting = new Watched<HubGreeting>({ kind: 'waiting' })
  const session = new Watched<Session>({ kind: 'signed-out', because: 'nobody' })
  const link = new Watched<Link>({ lamps: [], outbox: 0, lapses: [] })
  const mirror = openMirror(folder, (error) => onTrouble('the copy of the hub’s state', error))
  const outbox = await openOutbox({
    folder,
    clock,
    onChange: () => look(),
    onTrouble: (error) => onTrouble('the outbox', error),
  })
  const positions = createPositionMirror(clock)
  const ticket = readTicket(options.ticket)
  let hub: HubAddress | undefined
  let door: Connection | undefined
  let seat: Seat | undefined
  let status: HubStatus | undefined
  let hubFacts = { up: false, since: clock(), heardAt: null as Instant | null }

  const look = () => {
    const next: Link = {
      lamps: lampsOf({ hub: hubFacts, status }, clock()),
      outbox: seat === undefined ? outbox.length : outbox.countOf(seat.admission.account.id),
      lapses: [...outbox.lapses],
    }
    if (JSON.stringify(next) !== JSON.stringify(link.value)) link.set(next)
  }
  const looking = setInterval(look, LOOK_EVERY_MS)

  /** Told by the seat's own connection once somebody is signed in, by the door before. */
  const reachable = (up: boolean) => {
    const now = clock()
    if (up !== hubFacts.up) hubFacts = { up, since: now, heardAt: up ? now : hubFacts.heardAt }
    else if (up) hubFacts = { ...hubFacts, heardAt: now }
    look()
  }

  /** Asks at the door who the hub is, each time it opens. */
  const knock = (address: HubAddress) => {
    const { url, embedded } = address
    const connection = connect(address, undefined, {
      up: () => {
        if (seat === undefined) reachable(true)
        connection.client.hello.query({ contract: CONTRACT_VERSION }).then(
          (welcome) => greeting.set({ kind: 'reached', address: url, embedded, welcome }),
          (error) => {
            const refused = refusedBy(error)
            if (refused?.code !== 'contract-mismatch') return
            const why = `${refused.particulars.seat} / ${refused.particulars.hub}`
            greeting.set({ kind: 'unreachable', address: url, code: 'contract', why })
          },
        )
      },
      down: ({ code, why }) => {
        if (seat === undefined) reachable(false)
        greeting.set({ kind: 'unreachable', address: url, code, why })
      },
      frame: () => undefined,
      over: () => undefined,
    })
    return connection
  }

  const sit = (address: HubAddress, admission: Admission) => {
    const { account, token } = admission
    const connection = connect(address, token, {
      up: () => {
        if (seat?.connection !== connection) return
        seat.up = true
        reachable(true)
        connection.client.startPositions.mutate().catch((error) => onTrouble('positions', error))
        outbox.connect(account.id, (submission) => connection.client.submit.mutate(submission))
        seat.down()
        seat.down = options.onUp(connection.client)
      },
      down: () => {
        if (seat?.connection !== connection) return
        seat.up = false
        goDown(seat)
        outbox.connect(account.id, undefined)
        reachable(false)
      },
      frame: (bytes) => positions.take(bytes),
      over: () => {
        if (seat?.connection === connection) leave(seat.leaving ? 'signed-out' : 'session-over')
      },
    })
    seat = { connection, admission, up: false, down: () => undefined, leaving: false }
    connection.client.watchState.subscribe(
      { lastEventId: mirror.seq === null ? null : String(mirror.seq) },
      {
        onData: ({ id, data }) => {
          mirror.take(Number(id), data)
          if (seat?.leaving !== true) options.onState(mirror.state)
        },
        onError: (error) => onTrouble('following the hub’s state', error),
      },
    )
    connection.client.watchStatus.subscribe(undefined, {
      onData: (next) => {
        status = next
        look()
      },
      onError: (error) => onTrouble('following the hub’s status', error),
    })
    options.keepTicket(JSON.stringify({ hub: address.url, admission }))
    options.keepAwake('running')
    session.set({ kind: 'signed-in', account, until: admission.until })
  }

  const leave = (because: 'signed-out' | 'session-over') => {
    if (seat === undefined) return
    const { connection, admission } = seat
    goDown(seat)
    seat = undefined
    connection.close()
    outbox.connect(admission.account.id, undefined)
    mirror.begin(null)
    positions.forget()
    status = undefined
    options.keepTicket(null)
    options.keepAwake('none')
    session.set({ kind: 'signed-out', because })
    look()
  }

  const seated = (): Seat => {
    if (seat === undefined) throw new Refusal('not-signed-in')
    return seat
  }

  const unreachable = () => new Refusal('hub-unreachable', { address: hub?.url ?? '' })

  const ask: HubLink['ask'] = async (call) => {
    const { connection, up } = seated()
    if (!up) throw unreachable()
    return answered(call(connection.client, AbortSignal.timeout(ANSWER_WITHIN_MS)), unreachable)
  }

  return {
    greeting,
    session,
    link,
    use: (next) => {
      const first = hub === undefined
      if (hub?.url === next.url && hub.ca === next.ca) return
      const same = hub?.embedded === true && next.embedded
      const kept =
        seat?.admission ??
        (first && (next.embedded || ticket?.hub === next.url) ? ticket?.admission : undefined)
      hub = next
      door?.close()
      door = knock(next)
      if (seat !== undefined && !same) leave('session-over')
      else if (kept !== undefined) {
        if (seat !== undefined) goDown(seat)
        seat?.connection.close()
        if (first) {
          mirror.begin(kept.account.id)
          void mirror.recall(kept.account.id).finally(() => {
            if (seat === undefined && hub === next) sit(next, kept)
          })
        } else sit(next, kept)
      }
    },
    failed: (why) => greeting.set({ kind: 'unreachable', address: '', code: 'failed', why }),
    signIn: async (credentials) => {
      if (hub === undefined || door === undefined || greeting.value.kind !== 'reached') throw unreachable()
      const admission = await answered(
        door.client.signIn.mutate(credentials, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }),
        unreachable,
      )
      leave('signed-out')
      mirror.begin(admission.account.id)
      sit(hub, admission)
    },
    signOut: async () => {
      const leaver = seated()
      if (leaver.leaving) return
      leaver.leaving = true
      const { connection, admission } = leaver
      try {
        const handedIn = options.onLeaving().then(() => outbox.emptied(admission.account.id))
        if (leaver.up) await Promise.race([handedIn, delay(HAND_IN_WITHIN_MS, undefined, { ref: false })])
        if (leaver.up && seat === leaver)
          await connection.client.signOut.mutate(undefined, { signal: AbortSignal.timeout(2_000) })
      } catch (error) {
        onTrouble('signing out', error)
      }
      if (seat === leaver) leave('signed-out')
    },
    watchState: (signal) => mirror.watch(signal),
    joinPositions: (sink) => positions.join(sink),
    submit: async (command, account = seated().admission.account.id) => outbox.submit(account, command),
    dismissLapse: (id) => outbox.dismiss(id),
    ask,
    close: async () => {
      clearInterval(looking)
      door?.close()
      if (seat !== undefined) goDown(seat)
      seat?.connection.close()
      await mirror.close()
    },
  }
}

function goDown(seat: Seat): void {
  const { down } = seat
  seat.down = () => undefined
  down()
}

/** A refusal passes; no answer at all becomes the refusal that says so. */
async function answered<T>(call: Promise<T>, noAnswer: () => Refusal): Promise<T> {
  try {
    return await call
  } catch (error) {
    const refused = refusedBy(error)
    throw refused === undefined ? noAnswer() : new Refusal(refused.code, refused.particulars)
  }
}

function readTicket(ticket: string | null): z.infer<typeof ticketSchema> | undefined {
  if (ticket === null) return undefined
  const parsed = ticketSchema.safeParse(JSON.parse(ticket))
  return parsed.success ? parsed.data : undefined
}
