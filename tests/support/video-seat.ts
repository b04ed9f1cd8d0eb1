/** A seat at a hub's rooms and sources: what it is told, and what it asks. */
import type { PeerWelcome } from '../../contract/peers.ts'
import type { RoomOutline, RoomScene, RoomTelling } from '../../contract/rooms.ts'
import type { SeatPage } from '../../contract/seat-pages.ts'
import type { SourceStatus, SourcesTelling } from '../../contract/sources.ts'
import type { AtEnd } from './at-end.ts'
import type { TestHub } from './hub.ts'
import { type TestSeat, takeSeat } from './seat.ts'
import { PASSWORD } from './site.ts'

export interface Attending<Telling> {
  readonly tellings: readonly Telling[]
  /** The first that it was told. */
  readonly welcome: PeerWelcome
  leave(): void
}

export interface VideoSeat extends TestSeat {
  readonly account: string
  /** The rooms it is shown. */
  readonly rooms: () => readonly RoomOutline[]
  readonly statuses: () => readonly SourceStatus[]
  attend(room: string): Promise<Attending<RoomTelling>>
  attendSources(page?: SeatPage): Promise<Attending<SourcesTelling>>
}

export async function openVideoSeat(
  atEnd: AtEnd,
  hub: TestHub,
  account: string,
  password = PASSWORD,
): Promise<VideoSeat> {
  const seat = await takeSeat(atEnd, hub.url, account, { password })
  let rooms: readonly RoomOutline[] = []
  let statuses: readonly SourceStatus[] = []
  seat.client.rooms.watch.subscribe(undefined, {
    onData: (outlines) => {
      rooms = outlines
    },
  })
  seat.client.sources.watchStatus.subscribe(undefined, {
    onData: (told) => {
      statuses = told
    },
  })

  const attend = async <T extends { kind: string }>(
    subscribe: (on: { onData(telling: T): void; onError(error: unknown): void }) => { unsubscribe(): void },
  ): Promise<Attending<T>> => {
    const tellings: T[] = []
    const first = Promise.withResolvers<void>()
    const subscription = subscribe({
      onData: (telling) => {
        tellings.push(telling)
        first.resolve()
      },
      onError: first.reject,
    })
    await first.promise
    const [welcome] = tellings
    if (!isWelcome(welcome)) throw new Error(`told ${welcome?.kind} first`)
    return { tellings, welcome, leave: () => subscription.unsubscribe() }
  }

  return {
    ...seat,
    account,
    rooms: () => rooms,
    statuses: () => statuses,
    attend: (room) => attend<RoomTelling>((on) => seat.client.rooms.attend.subscribe({ room }, on)),
    attendSources: (page: SeatPage = 'console') =>
      attend<SourcesTelling>((on) => seat.client.sources.attend.subscribe({ page }, on)),
  }
}

const isWelcome = (telling: { kind: string } | undefined): telling is PeerWelcome =>
  telling?.kind === 'attending'

/** The room as it was told last. */
export const sceneIn = (tellings: readonly RoomTelling[]): RoomScene | undefined =>
  tellings.findLast((telling) => telling.kind === 'scene')?.scene
