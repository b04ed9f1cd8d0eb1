/** Acts between seats, at this one: what others do here, and what the officer does there. */
import type { TRPCClient } from '@trpc/client'
import type { HubRouter } from '../../../contract/hub.ts'
import type { Instant } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import {
  noSupervision,
  type SeatNote,
  type SeatSupervisionPort,
  type Supervision,
} from '../../../contract/seat-supervision.ts'
import type { TelephonePort } from '../../../contract/seat-telephone.ts'
import type { BoardSeat, SeatOrder } from '../../../contract/supervision.ts'
import type { Telephone } from '../../../contract/telephony.ts'
import { Watched } from '../../../contract/watched.ts'
import type { SeatVoice } from './seat-voice.ts'
import { type Ask, openSupervised } from './supervised.ts'
import { openSupervising } from './supervising.ts'

const MOST_NOTES = 20
/** What nobody need do anything about goes by itself. */
const PICKED_UP_SHOWN_MS = 20_000

export interface SupervisionOptions {
  readonly clock: () => Instant
  readonly telephone: {
    readonly state: Watched<Telephone>
    readonly port: Pick<TelephonePort, 'answer' | 'hangUp' | 'hold'>
    readonly voice: SeatVoice
  }
  /** The host name or address of the hub. */
  hubHost(): string
  onTrouble(what: string, error: unknown): void
}

export interface SeatSupervision {
  readonly port: SeatSupervisionPort
  /** The hub is there, as whoever is signed in. Returns what is to be done when it isn't any more. */
  attend(client: TRPCClient<HubRouter>): () => void
  /** Somebody else sits here, or nobody. */
  reset(): void
  close(): void
}

export function openSupervision({
  clock,
  telephone,
  hubHost,
  onTrouble,
}: SupervisionOptions): SeatSupervision {
  const state = new Watched<Supervision>(noSupervision)
  let ask: Ask | undefined
  const change = (next: Partial<Supervision>) => state.set({ ...state.value, ...next })
  const passing = new Set<NodeJS.Timeout>()
  const dismiss = (note: string) => change({ notes: state.value.notes.filter(({ id }) => id !== note) })
  const onNote = (note: SeatNote) => {
    change({ notes: [note, ...state.value.notes].slice(0, MOST_NOTES) })
    if (note.kind !== 'picked-up') return
    const timer = setTimeout(() => {
      passing.delete(timer)
      dismiss(note.id)
    }, PICKED_UP_SHOWN_MS)
    passing.add(timer)
  }
  const { voice, port: calls } = telephone
  const shared = { clock, telephone: telephone.state, calls, voice, onNote, onTrouble }
  const supervised = openSupervised({ ...shared, onPresent: (present) => change({ present }) })
  const supervising = openSupervising({
    ...shared,
    hubHost,
    board: () => state.value.seats ?? [],
    onOwn: (own) => change({ own }),
  })
  const hub = (): Ask => {
    if (ask === undefined) throw new Refusal('hub-unreachable', { address: hubHost() })
    return ask
  }

  return {
    attend: ({ supervision }) => {
      ask = supervision
      const leave = supervised.attend()
      const onError = (error: unknown) => onTrouble('following the other seats', error)
      const orders = supervision.attend.subscribe(undefined, {
        onData: (data) => {
          const order = data as SeatOrder
          if (order.kind === 'end') supervising.ended(order.id, order.how)
          supervised.take(supervision, order)
        },
        onError,
      })
      const board = supervision.watchBoard.subscribe(undefined, {
        onData: (seats) => change({ seats: seats as readonly BoardSeat[] }),
        onError,
      })
      return () => {
        ask = undefined
        orders.unsubscribe()
        board.unsubscribe()
        leave()
        supervising.ended(undefined, 'asker-gone')
        change({ seats: null })
      }
    },
    reset: () => change({ notes: [] }),
    port: {
      watch: (signal) => state.watch(signal),
      begin: async (asked) => supervising.begin(hub(), asked),
      setMode: async (mode) => supervising.setMode(hub(), mode),
      end: async () => supervising.end(hub()),
      release: async (asked) => supervising.release(hub(), asked),
      pickUp: async (asked) => supervising.pickUp(hub(), asked),
      dismiss: async (note) => dismiss(note),
    },
    close: () => {
      for (const timer of passing) clearTimeout(timer)
      supervising.close()
    },
  }
}
