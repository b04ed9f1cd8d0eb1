/** The floor against a model that only knows what seats were told: twenty seats race for one channel. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  type Floor,
  type FloorEvent,
  type FloorPolicy,
  type FloorPriority,
  floorDeadline,
  floorPriorities,
  holderOf,
  idleFloor,
  stepFloor,
} from './floor.ts'

const SEATS = 20

/** What the seats know: who was told to talk, and who was told to wait or not answered yet. */
interface Told {
  talking: { talker: string; turn: string } | undefined
  readonly waiting: Map<string, string>
  presses: number
  readonly policy: FloorPolicy
}

class Arbiter {
  floor: Floor = idleFloor
  now = 0
  readonly #policy: FloorPolicy

  constructor(policy: FloorPolicy) {
    this.#policy = policy
  }

  send(event: FloorEvent) {
    const { floor, notices } = stepFloor(this.floor, event, this.now, this.#policy)
    this.floor = floor
    return notices
  }

  get deadline(): number | undefined {
    return floorDeadline(this.floor, this.#policy)
  }
}

/** Hands the notices to the seats, and checks each against what its seat knows. */
function deliver(told: Told, arbiter: Arbiter, event: FloorEvent): void {
  const granted = new Set<string>()
  for (const notice of arbiter.send(event)) {
    const { talker, turn } = notice
    switch (notice.kind) {
      case 'granted':
        if (told.talking?.talker !== talker || told.talking.turn !== turn) {
          expect(told.talking, 'two talkers').toBeUndefined()
          expect(told.waiting.get(talker), 'granted without a key that is down').toBe(turn)
        }
        expect(granted.size, 'granted twice in one step').toBe(0)
        granted.add(talker)
        told.waiting.delete(talker)
        told.talking = { talker, turn }
        break
      case 'queued':
        expect(told.waiting.get(talker), 'queued without a key that is down').toBe(turn)
        break
      case 'denied':
        expect(told.waiting.get(talker)).toBe(turn)
        told.waiting.delete(talker)
        break
      case 'revoked':
        expect(told.talking).toEqual({ talker, turn })
        told.talking = undefined
    }
  }
  checkAgainst(told, arbiter)
}

function checkAgainst({ talking, waiting, policy }: Told, { floor, now, deadline }: Arbiter): void {
  const holder = holderOf(floor)
  expect(holder && { talker: holder.talker, turn: holder.id }).toEqual(talking)
  expect(new Map(floor.queue.map(({ talker, id }) => [talker, id]))).toEqual(waiting)
  expect(new Set(floor.queue.map(({ talker }) => talker)).size, 'waits twice').toBe(floor.queue.length)
  expect(
    floor.queue.some(({ talker }) => talker === holder?.talker),
    'talks and waits',
  ).toBe(false)
  expect(floor.queue.length).toBeLessThanOrEqual(policy.queue)
  if (deadline !== undefined) expect(deadline, 'held past its deadline').toBeGreaterThan(now)
  if (floor.holding.kind === 'idle' && floor.heard.length === 0)
    expect(floor.queue, 'waits for nobody').toEqual([])
  const ranks = floor.queue.map(({ priority }) => floorPriorities.indexOf(priority))
  expect(ranks).toEqual(ranks.toSorted((a, b) => b - a))
}

type SeatCommand = fc.Command<Told, Arbiter>

/** What a seat does, as far as the seat knows that it can. */
const command = (name: string, run: (told: Told, arbiter: Arbiter) => void): SeatCommand => ({
  check: () => true,
  run,
  toString: () => name,
})

const press = (talker: string, priority: FloorPriority) =>
  command(`${talker} presses, ${priority}`, (told, arbiter) => {
    const id = `press ${told.presses++}`
    // The press before is over with this one.
    if (told.talking?.talker === talker) told.talking = undefined
    told.waiting.set(talker, id)
    deliver(told, arbiter, { kind: 'requested', turn: { id, talker, priority } })
  })

const lift = (talker: string) =>
  command(`${talker} lets go`, (told, arbiter) => {
    const turn = told.talking?.talker === talker ? told.talking.turn : told.waiting.get(talker)
    if (turn === undefined) return
    forget(told, talker)
    deliver(told, arbiter, { kind: 'released', talker, turn })
  })

const late = (talker: string) =>
  command(`${talker} lets go of a press long over`, (told, arbiter) =>
    deliver(told, arbiter, { kind: 'released', talker, turn: 'press of yesterday' }),
  )

const leave = (talker: string) =>
  command(`${talker} leaves`, (told, arbiter) => {
    forget(told, talker)
    deliver(told, arbiter, { kind: 'left', talker })
  })

const bar = (talker: string) =>
  command(`${talker} may talk no more`, (told, arbiter) => deliver(told, arbiter, { kind: 'barred', talker }))

const talk = (talker: string) =>
  command(`${talker} is alive`, (told, arbiter) => {
    if (told.talking?.talker !== talker) return
    deliver(told, arbiter, { kind: 'alive', talker, turn: told.talking.turn })
  })

const hear = (by: string, radio: string | null) =>
  command(`${by} hears ${radio ?? 'some radio'}`, (told, arbiter) =>
    deliver(told, arbiter, { kind: 'radio-heard', by, radio }),
  )

const hearNothing = (by: string) =>
  command(`${by} hears no radio`, (told, arbiter) => deliver(told, arbiter, { kind: 'radio-over', by }))

/** The hub looks at each deadline on the way. */
const wait = (ms: number) =>
  command(`${ms} ms pass`, (told, arbiter) => {
    const until = arbiter.now + ms
    for (let at = arbiter.deadline; at !== undefined && at <= until; at = arbiter.deadline) {
      arbiter.now = at
      deliver(told, arbiter, { kind: 'ticked' })
    }
    arbiter.now = until
    checkAgainst(told, arbiter)
  })

/** A hub that was held up: nobody looked at the deadlines, and the next event comes late. */
const sleep = (ms: number, talker: string) =>
  command(`${ms} ms are slept through`, (told, arbiter) => {
    arbiter.now += ms
    deliver(told, arbiter, { kind: 'radio-over', by: talker })
  })

function forget(told: Told, talker: string): void {
  if (told.talking?.talker === talker) told.talking = undefined
  told.waiting.delete(talker)
}

const anySeat = fc.nat(SEATS - 1).map((nth) => `seat ${nth}`)
const anyPolicy: fc.Arbitrary<FloorPolicy> = fc.record({
  talkMs: fc.constantFrom(5000, 60_000),
  silenceMs: fc.constant(3000),
  hangMs: fc.constantFrom(0, 0, 1000, 10_000),
  queue: fc.constantFrom(0, 1, 4, 16),
})
const anyCommand = [
  fc.tuple(anySeat, fc.constantFrom(...floorPriorities, 'routine' as const)).map((seat) => press(...seat)),
  anySeat.map(lift),
  anySeat.map(talk),
  anySeat.map(leave),
  anySeat.map(bar),
  anySeat.map(late),
  fc.tuple(anySeat, fc.constantFrom('3107', null)).map((heard) => hear(...heard)),
  anySeat.map(hearNothing),
  fc.constantFrom(1, 40, 900, 2999, 3000, 20_000).map(wait),
  fc.tuple(fc.constantFrom(3000, 61_000), anySeat).map((slept) => sleep(...slept)),
]

it('twenty seats race: one talks, each waits once, nobody who left is granted, no floor outlives its time', () => {
  fc.assert(
    fc.property(anyPolicy, fc.commands(anyCommand, { maxCommands: 120, size: 'max' }), (policy, commands) => {
      fc.modelRun(
        () => ({
          model: { talking: undefined, waiting: new Map(), presses: 0, policy },
          real: new Arbiter(policy),
        }),
        commands,
      )
    }),
    { numRuns: 2000 },
  )
})
