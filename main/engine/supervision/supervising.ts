/** What the officer of this seat does about calls at others. */
import { randomUUID } from 'node:crypto'
import type * as z from 'zod'
import type { Instant } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import { refusedBy } from '../../../contract/rpc.ts'
import type {
  beginSupervisionSchema,
  OwnSupervision,
  pickUpThereSchema,
  releaseThereSchema,
  SeatNote,
} from '../../../contract/seat-supervision.ts'
import type { TelephonePort } from '../../../contract/seat-telephone.ts'
import type { ActEnd, BoardCall, BoardSeat, ListeningMode } from '../../../contract/supervision.ts'
import type { Telephone } from '../../../contract/telephony.ts'
import type { Watched } from '../../../contract/watched.ts'
import type { SeatVoice, VoiceThere } from './seat-voice.ts'
import type { Ask } from './supervised.ts'

/** A picked-up caller may come so long after the other seat said that they are on their way. */
const EXPECTED_MS = 15_000
const LOOK_EVERY_MS = 1_000
/** Nothing heard from the other seat for so long, which sends silence too. */
const SILENT_MS = 3_000

export interface SupervisingOptions {
  readonly clock: () => Instant
  readonly telephone: Watched<Telephone>
  readonly calls: Pick<TelephonePort, 'answer' | 'hold'>
  readonly voice: SeatVoice
  /** As the seat reaches the hub. */
  hubHost(): string
  board(): readonly BoardSeat[]
  onOwn(own: OwnSupervision | null): void
  onNote(note: SeatNote): void
}

export interface Supervising {
  begin(hub: Ask, asked: z.infer<typeof beginSupervisionSchema>): Promise<void>
  setMode(hub: Ask, mode: ListeningMode): Promise<void>
  end(hub: Ask): Promise<void>
  release(hub: Ask, asked: z.infer<typeof releaseThereSchema>): Promise<void>
  pickUp(hub: Ask, asked: z.infer<typeof pickUpThereSchema>): Promise<void>
  /** The hub says so, or can't be reached any more: then without an id. */
  ended(id: string | undefined, how: ActEnd): void
  close(): void
}

interface Own {
  /** What the hub calls it, once it has begun. */
  id: string | undefined
  readonly voice: VoiceThere
  shown: OwnSupervision
}

export function openSupervising(options: SupervisingOptions): Supervising {
  const { clock, telephone, calls, voice, hubHost, board, onOwn, onNote } = options
  let own: Own | undefined
  /** Ended before this seat heard that they had begun. */
  const early = new Map<string, ActEnd>()
  /** What ends the waiting for callers who were picked up. */
  const awaited = new Set<NodeJS.Timeout>()

  const show = (change: Partial<OwnSupervision> = {}) => {
    if (own !== undefined) own.shown = { ...own.shown, ...change }
    onOwn(own?.shown ?? null)
  }

  /** The microphone goes there only where it is to be heard, and where the officer talks to nobody else. */
  const settle = () => {
    if (own === undefined) return
    const { mode, state } = own.shown
    const talksHere = telephone.value.calls.some(
      (call) => call.state === 'talking' || call.state === 'holding',
    )
    own.voice.setOpen(mode !== 'listen' && state === 'on' && !talksHere)
    const elsewhere = mode !== 'listen' && talksHere
    if (elsewhere !== own.shown.elsewhere) show({ elsewhere })
  }

  const leave = (left: Own) => {
    left.voice.close()
    if (own !== left) return
    own = undefined
    show()
  }

  const over = (left: Own, how: ActEnd) => {
    leave(left)
    const { call, name } = left.shown
    const { number, unit } = call
    if (how !== 'ended')
      onNote({
        id: randomUUID(),
        kind: 'supervision-over',
        at: clock(),
        number,
        unit,
        by: name,
        reason: null,
        how,
      })
  }

  const holdOwn = async () => {
    const talking = telephone.value.calls.filter(({ state }) => state === 'talking')
    await Promise.all(talking.map(({ id }) => calls.hold(id)))
  }

  const find = (seat: string, call: string): { readonly there: BoardSeat; readonly call: BoardCall } => {
    const there = board().find((each) => each.seat === seat)
    const found = there?.calls.find(({ id }) => id === call)
    if (there === undefined || found === undefined) throw new Refusal('call-over')
    return { there, call: found }
  }

  const end = async (hub: Ask) => {
    if (own === undefined) return
    const { id } = own
    leave(own)
    if (id !== undefined) await hub.endAct.mutate({ id })
  }

  const stopFollowing = telephone.onChange(settle)
  const looking = setInterval(() => {
    if (own === undefined || own.shown.state === 'asking') return
    const silent = own.voice.silentMs() > SILENT_MS
    if (silent !== own.shown.silent) show({ silent })
  }, LOOK_EVERY_MS)

  return {
    begin: async (hub, { seat, call: wanted, mode, reason }) => {
      const { there, call } = find(seat, wanted)
      await end(hub)
      const channel = await voice.reachOut(randomUUID(), hubHost())
      const mine: Own = {
        id: undefined,
        voice: channel,
        shown: {
          seat,
          account: there.account,
          name: there.name,
          call: { id: call.id, number: call.number, unit: call.unit },
          mode,
          state: 'asking',
          since: clock(),
          elsewhere: false,
          silent: false,
        },
      }
      own = mine
      show()
      try {
        if (mode !== 'listen') await holdOwn()
        const begun = await hub.supervise.mutate({ seat, call: wanted, mode, reason, offer: channel.offer })
        mine.id = begun.id
        const ended = early.get(begun.id)
        early.clear()
        if (ended !== undefined) return over(mine, ended)
        if (own !== mine) return void (await hub.endAct.mutate({ id: begun.id }))
        await channel.accept(begun.answer)
        if (own !== mine) return
        show({ state: 'on', since: clock() })
        settle()
      } catch (error) {
        leave(mine)
        throw asRefusal(error)
      }
    },
    setMode: async (hub, mode) => {
      if (own?.id === undefined || own.shown.state !== 'on') throw new Refusal('call-over')
      const mine = own
      const { id } = own
      if (mode === mine.shown.mode) return
      // What is meant for one is not to be heard by the other while they change over.
      show({ state: 'changing' })
      settle()
      try {
        if (mode !== 'listen') await holdOwn()
        await hub.changeMode.mutate({ id, mode })
        if (own === mine) show({ mode })
      } catch (error) {
        throw asRefusal(error)
      } finally {
        if (own === mine) {
          show({ state: 'on' })
          settle()
        }
      }
    },
    end: (hub) =>
      end(hub).catch((error) => {
        throw asRefusal(error)
      }),
    release: (hub, asked) =>
      hub.release.mutate(asked).catch((error) => {
        throw asRefusal(error)
      }),
    pickUp: async (hub, { seat, call: wanted }) => {
      const { number } = find(seat, wanted).call
      const here = telephone.value.calls.find((call) => call.state === 'waiting' && call.number === number)
      // Of a call that rings at both seats.
      if (here !== undefined) return calls.answer(here.id)
      const lines = telephone.value.lines.filter(({ state }) => state === 'registered').map(({ id }) => id)
      const forget = await voice.expect(number)
      try {
        await hub.pickUp.mutate({ seat, call: wanted, lines })
      } catch (error) {
        forget()
        throw asRefusal(error)
      }
      const timer = setTimeout(() => {
        awaited.delete(timer)
        forget()
      }, EXPECTED_MS)
      awaited.add(timer)
    },
    ended: (id, how) => {
      if (own !== undefined && (id === undefined || own.id === id)) over(own, how)
      else if (id !== undefined && own?.shown.state === 'asking') early.set(id, how)
    },
    close: () => {
      stopFollowing()
      clearInterval(looking)
      for (const timer of awaited) clearTimeout(timer)
      if (own !== undefined) leave(own)
    },
  }
}

/** No answer at all becomes the refusal that says so. */
function asRefusal(error: unknown): Refusal {
  const refused = refusedBy(error)
  return refused === undefined
    ? new Refusal('hub-unreachable', { address: '' })
    : new Refusal(refused.code, refused.particulars)
}
