/** This seat as others act on it: its calls told to the hub, and done what the hub asks for. */
import { randomUUID } from 'node:crypto'
import type { TRPCClient } from '@trpc/client'
import type { HubRouter } from '../../../contract/hub.ts'
import type { Instant, Name } from '../../../contract/primitives.ts'
import { Refusal, type Refused } from '../../../contract/refusal.ts'
import { refusedBy } from '../../../contract/rpc.ts'
import type { PresentInCall, SeatNote } from '../../../contract/seat-supervision.ts'
import type { TelephonePort } from '../../../contract/seat-telephone.ts'
import type { OrderReply, SeatCall, SeatOrder } from '../../../contract/supervision.ts'
import type { Telephone } from '../../../contract/telephony.ts'
import type { Watched } from '../../../contract/watched.ts'
import type { AdmittedVoice, SeatVoice } from './seat-voice.ts'

/** More calls than the hub takes are not told. */
const MOST_TOLD = 128

/** The hub, as far as it is asked about supervision. */
export type Ask = TRPCClient<HubRouter>['supervision']
type Order<K extends SeatOrder['kind']> = Extract<SeatOrder, { kind: K }>

export interface SupervisedOptions {
  readonly clock: () => Instant
  readonly telephone: Watched<Telephone>
  readonly calls: Pick<TelephonePort, 'hangUp'>
  readonly voice: SeatVoice
  onPresent(present: readonly PresentInCall[]): void
  onNote(note: SeatNote): void
  onTrouble(what: string, error: unknown): void
}

export interface Supervised {
  /** The hub is there. Returns what is to be done when it isn't: all that others do here ends. */
  attend(): () => void
  take(hub: Ask, order: SeatOrder): void
}

interface Guest {
  shown: PresentInCall
  told: boolean
  voice: AdmittedVoice | undefined
}

/** What the hub is told of a seat's calls. Pure. */
const seatCallsOf = ({ calls }: Telephone): SeatCall[] =>
  calls
    .flatMap(({ id, line, direction, number, unit, state, since, priority, conference }) =>
      state === 'ended'
        ? []
        : [{ id, line, direction, number: number.slice(0, 200), unit, state, since, priority, conference }],
    )
    .slice(0, MOST_TOLD)

export function openSupervised(options: SupervisedOptions): Supervised {
  const { clock, telephone, calls, voice, onPresent, onNote, onTrouble } = options
  const guests = new Map<string, Guest>()
  /** What tells the hub of the calls, once it has said what this seat is called. */
  let tellCalls: (() => void) | undefined

  const show = () => onPresent([...guests.values()].flatMap(({ shown, told }) => (told ? [shown] : [])))

  const leave = (id: string) => {
    const guest = guests.get(id)
    if (guest === undefined) return
    guests.delete(id)
    guest.voice?.leave()
    show()
  }

  const admit = async (hub: Ask, { id, call, mode, told, by, offer }: Order<'admit'>): Promise<string> => {
    const guest: Guest = { shown: { id, call, mode, by, since: clock() }, told, voice: undefined }
    guests.set(id, guest)
    try {
      const admitted = await voice.admit({ call, offer, mode }, () => {
        if (!guests.delete(id)) return
        show()
        hub.endAct.mutate({ id }).catch((error) => onTrouble('ending a supervision', error))
      })
      // It may have ended before it began.
      if (guests.get(id) === guest) guest.voice = admitted
      else admitted.leave()
      show()
      return admitted.answer
    } catch (error) {
      guests.delete(id)
      throw error
    }
  }

  const change = ({ id, mode, told }: Order<'change'>) => {
    const guest = guests.get(id)
    if (guest === undefined) throw new Refusal('call-over')
    guest.voice?.setMode(mode)
    guest.shown = { ...guest.shown, mode }
    guest.told = told
    show()
  }

  const note = (
    kind: SeatNote['kind'],
    { call, by }: { readonly call: string; readonly by: Name },
    reason: string | null,
  ) => {
    const found = telephone.value.calls.find(({ id }) => id === call)
    const { number = '', unit = null } = found ?? {}
    onNote({ id: randomUUID(), kind, at: clock(), number, unit, by, reason, how: null })
  }

  const release = async (order: Order<'release'>) => {
    await calls.hangUp(order.call)
    note('released', order, order.reason)
  }

  const passOn = async (order: Order<'pass-on'>) => {
    try {
      await voice.passOn(order.call, order.number)
    } catch (error) {
      const still = telephone.value.calls.some(({ id, state }) => id === order.call && state !== 'ended')
      if (still) note('pick-up-failed', order, null)
      throw error
    }
    note('picked-up', order, null)
  }

  const answer = async (hub: Ask, id: string, work: () => Promise<string | null>): Promise<void> => {
    let reply: OrderReply
    try {
      reply = { kind: 'done', id, voice: await work() }
    } catch (error) {
      const refused = refusedBy(error)
      if (refused === undefined) onTrouble('doing what the hub asks', error)
      const { code, particulars } = refused ?? { code: 'seat-unreachable' as const, particulars: {} }
      reply = { kind: 'refused', id, code, particulars: shortened(particulars) }
    }
    await hub.reply.mutate(reply).catch((error) => onTrouble('answering the hub', error))
  }

  const take = (hub: Ask, order: SeatOrder): void => {
    switch (order.kind) {
      case 'attending': {
        const { seat } = order
        let told = ''
        tellCalls = () => {
          const now = seatCallsOf(telephone.value)
          const next = JSON.stringify(now)
          if (next === told) return
          told = next
          hub.tellCalls.mutate({ seat, calls: now }).catch((error) => onTrouble('telling the calls', error))
        }
        tellCalls()
        break
      }
      case 'admit':
        void answer(hub, order.id, () => admit(hub, order))
        break
      case 'change':
        void answer(hub, order.id, async () => {
          change(order)
          return null
        })
        break
      case 'release':
        void answer(hub, order.id, () => release(order).then(() => null))
        break
      case 'pass-on':
        void answer(hub, order.id, () => passOn(order).then(() => null))
        break
      case 'end':
        leave(order.id)
        break
    }
  }

  return {
    take,
    attend: () => {
      const stop = telephone.onChange(() => tellCalls?.())
      return () => {
        stop()
        tellCalls = undefined
        for (const id of [...guests.keys()]) leave(id)
      }
    },
  }
}

/** As the hub takes them. */
const shortened = (particulars: Refused['particulars']): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(particulars).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.slice(0, 200) : value,
    ]),
  )
