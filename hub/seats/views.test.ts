import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { StateMessage } from '../../contract/hub.ts'
import type { Grant } from '../../contract/permissions.ts'
import { fold, type SharedState } from '../../contract/state.ts'
import { type Sight, viewOf } from '../../contract/visibility.ts'
import { temporaryFolder } from '../../tests/support/folder.ts'
import { openTestJournal, operator } from '../../tests/support/journal.ts'
import { documentOf, smallCity } from '../../tests/support/site.ts'
import { decide } from '../commands.ts'
import { planImport } from '../directory/import.ts'
import { openHubStore } from '../store/open.ts'
import { createViews } from './views.ts'

const officer = { account: 'north-officer', id: 's1' }
const guest = { account: 'guest', id: 's2' }

describe('the view of a seat', () => {
  it('begins with what it may see, and goes on with what changes in it', async () => {
    const { watch, busy } = await begin()
    const seat = watch(officer)
    await vi.waitFor(() => expect(seat.units()).toEqual(['north-engine', 'north-patrol']))
    await busy('north-patrol')
    await busy('south-patrol')
    await busy('north-engine')
    await vi.waitFor(() => expect(seat.messages).toHaveLength(3))
    expect(seat.messages.map(({ kind }) => kind)).toEqual(['snapshot', 'events', 'events'])
    seat.isRight()
  })

  it('goes on from where the seat left off, by the events it missed', async () => {
    const { watch, busy, journal } = await begin()
    const { seq } = journal
    await busy('north-patrol')
    await busy('south-patrol')
    const seat = watch(officer, seq)
    await vi.waitFor(() => expect(seat.messages).toHaveLength(1))
    expect(seat.messages).toEqual([
      { kind: 'events', events: [expect.objectContaining({ subject: 'unit/north-patrol' })] },
    ])
    expect(seat.seq()).toBe(journal.seq)
  })

  it('goes on with no event where the seat missed none', async () => {
    const { watch, journal } = await begin()
    const seat = watch(officer, journal.seq)
    await vi.waitFor(() => expect(seat.messages).toEqual([{ kind: 'events', events: [] }]))
  })

  it('is taken anew where the seat missed what changes what it may see', async () => {
    const { watch, give, journal } = await begin()
    const { seq } = journal
    await give({ account: 'guest' })
    const seat = watch(guest, seq)
    await vi.waitFor(() => expect(seat.messages.map(({ kind }) => kind)).toEqual(['snapshot']))
    seat.isRight()
  })

  it('is taken anew where a unit left it while the seat was away', async () => {
    const { watch, journal } = await begin()
    const { seq } = journal
    const unit = journal.state.directory.units['north-patrol']
    if (unit === undefined) throw new Error('it is in the small city')
    const moved = { ...unit, area: 'south' }
    await journal.submit({
      actor: operator,
      decide: () => [{ kind: 'unit.put', subject: 'unit/north-patrol', area: 'south', data: moved }],
    })
    const seat = watch(officer, seq)
    await vi.waitFor(() => expect(seat.units()).toEqual(['north-engine']))
    seat.isRight()
  })

  it('is taken anew where a grant ran out while the seat was away', async () => {
    const clock = settableClock()
    const { watch, give, busy, journal } = await begin(clock.read)
    await give({ account: 'guest', until: clock.read() + 1_000 })
    const { seq } = journal
    await busy('north-patrol')
    clock.pass(1_000)
    const seat = watch(guest, seq)
    await vi.waitFor(() => expect(seat.messages.map(({ kind }) => kind)).toEqual(['snapshot']))
    expect(seat.units()).toEqual([])
  })

  it('is taken anew for a seat that knows a journal this hub does not', async () => {
    const { watch, journal } = await begin()
    for (const after of [0, journal.seq + 1, 999_999]) {
      const seat = watch(officer, after)
      await vi.waitFor(() => expect(seat.messages.map(({ kind }) => kind)).toEqual(['snapshot']))
    }
  })

  it('grows and shrinks with a grant, by hand and by itself', async () => {
    const { watch, give, end } = await begin()
    const seat = watch(guest)
    await vi.waitFor(() => expect(seat.units()).toEqual([]))
    await give({ account: 'guest', id: 'g1' })
    await vi.waitFor(() => expect(seat.units()).toHaveLength(4))
    await end('g1')
    await vi.waitFor(() => expect(seat.units()).toEqual([]))
    await give({ account: 'guest', id: 'g2', until: Date.now() + 300 })
    await vi.waitFor(() => expect(seat.units()).toHaveLength(4))
    await vi.waitFor(() => expect(seat.units()).toEqual([]), { timeout: 5_000 })
    seat.isRight()
  })

  it('of a seat that reads nothing becomes one message, not thousands', async () => {
    const { views, busy, journal } = await begin()
    const abort = new AbortController()
    const messages = views.watch(officer, null, abort.signal)[Symbol.asyncIterator]()
    await messages.next()
    for (let times = 0; times < 300; times++)
      await busy('north-patrol', times % 2 === 0 ? 'busy' : 'available')
    const { value } = await messages.next()
    expect(value?.[1].kind).toBe('snapshot')
    let state: SharedState = value?.[1].state
    let seq = value?.[0]
    while (seq < journal.seq) {
      const next = await messages.next()
      seq = next.value?.[0]
      const message: StateMessage = next.value?.[1]
      if (message.kind === 'events') state = fold(state, message.events)
    }
    expect(state.directory.units).toEqual(viewOf(journal.state, 'north-officer', Date.now()).directory.units)
    abort.abort()
  })

  it('is nobody’s any more when the seat has gone', async () => {
    const { watch, busy, listeners } = await begin()
    const before = listeners()
    const seats = Array.from({ length: 20 }, () => watch(officer))
    await vi.waitFor(() => expect(listeners()).toBe(before + 20))
    for (const seat of seats) seat.stop()
    await vi.waitFor(() => expect(listeners()).toBe(before))
    const told = seats.map(({ messages }) => messages.length)
    await busy('north-patrol')
    expect(seats.map(({ messages }) => messages.length)).toEqual(told)
  })
})

describe('what units a seat sees', () => {
  it('is told now, and when it changes; not when only their state does', async () => {
    const { views, busy, give } = await begin()
    const seen: number[] = []
    const stop = views.follow(guest, ({ units }: Sight) => seen.push(units.size))
    await busy('north-patrol')
    await give({ account: 'guest', id: 'g1' })
    await busy('south-patrol')
    stop()
    await give({ account: 'guest', id: 'g2' })
    expect(seen).toEqual([0, 4])
  })
})

async function begin(clock: () => number = Date.now) {
  const database = await openHubStore({ kind: 'sqlite', folder: temporaryFolder(onTestFinished) })
  onTestFinished(database.close)
  const journal = await openTestJournal(onTestFinished, database, { clock })
  await journal.submit({ actor: operator, decide: (state) => planImport(state, documentOf(smallCity)) })
  let listening = 0
  const counted = {
    ...journal,
    get state() {
      return journal.state
    },
    get seq() {
      return journal.seq
    },
    onAppended: (listener: Parameters<typeof journal.onAppended>[0]) => {
      const stop = journal.onAppended(listener)
      listening++
      return () => {
        listening--
        stop()
      }
    },
  }
  const views = createViews(counted, clock)
  const command = (account: string, wish: Parameters<typeof decide>[1]) =>
    journal.submit({
      actor: { kind: 'account', account },
      decide: (state, now) => decide(state, wish, account, now),
    })
  return {
    journal,
    views,
    listeners: () => listening,
    busy: (unit: string, state: 'busy' | 'available' = 'busy') =>
      command('supervisor', { kind: 'unit.set-state', unit, state }),
    give: ({ account, id = 'g1', until = null }: { account: string; id?: string; until?: Grant['until'] }) =>
      command('admin', {
        kind: 'grant.give',
        grant: {
          id,
          subject: { kind: 'account', account },
          capabilities: ['view'],
          scope: { kind: 'centre' },
          until,
        },
      }),
    end: (grant: string) => command('admin', { kind: 'grant.end', grant, reason: 'over' }),
    watch: (session: typeof officer, after: number | null = null) => {
      const abort = new AbortController()
      onTestFinished(() => abort.abort())
      const messages: StateMessage[] = []
      let state: SharedState | undefined
      let seq: number | undefined
      void (async () => {
        for await (const [at, message] of views.watch(session, after, abort.signal)) {
          messages.push(message)
          seq = at
          if (message.kind === 'snapshot') state = message.state
          else if (state !== undefined) state = fold(state, message.events)
        }
      })()
      return {
        messages,
        seq: () => seq,
        units: () => Object.keys(state?.directory.units ?? { none: 'yet' }).toSorted(),
        stop: () => abort.abort(),
        isRight: () => {
          const { directory, access } = viewOf(journal.state, session.account, clock())
          expect(state?.directory.units).toEqual(directory.units)
          expect(state?.directory.areas).toEqual(directory.areas)
          expect(state?.access).toEqual(access)
        },
      }
    },
  }
}

function settableClock() {
  let now = 1_800_000_000_000
  return {
    read: () => now,
    pass: (ms: number) => {
      now += ms
    },
  }
}
