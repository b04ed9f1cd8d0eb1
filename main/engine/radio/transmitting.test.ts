import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Deed,
  FLOOR_ANSWER_MS,
  KEYED_MS,
  notTransmitting,
  SHOWN_MS,
  STUCK_MS,
  stepTransmitting,
  type TransmitEvent,
  type TransmitFacts,
  type Transmitting,
  transmitDeadline,
  WARNING_MS,
} from './transmitting.ts'

const TIME_OUT_MS = 30_000
const byHub = { linkUp: true, mayKey: true, keeper: 'hub', busy: false, timeOutMs: TIME_OUT_MS } as const
const byChannel = { ...byHub, keeper: 'channel' } as const
type Happening = TransmitEvent & { readonly facts?: Partial<TransmitFacts> }

const pressed = (turn = 'a', emergency = false): TransmitEvent => ({ kind: 'pressed', turn, emergency })
const released: TransmitEvent = { kind: 'released' }
const granted = (turn = 'a'): TransmitEvent => ({ kind: 'granted', turn })
const keyed: TransmitEvent = { kind: 'keyed' }

/** Plays events, each at its instant, from a channel that nobody keys. */
function play(facts: Omit<TransmitFacts, 'now'>, ...events: readonly (readonly [number, Happening])[]) {
  let current: Transmitting = notTransmitting
  const deeds: Deed[] = []
  for (const [now, { facts: changed, ...event }] of events) {
    const step = stepTransmitting(current, event as TransmitEvent, { ...facts, ...changed, now })
    current = step.next
    deeds.push(...step.deeds)
  }
  return { current, deeds }
}

describe('a key on a channel', () => {
  it('asks the hub for the floor, keys the channel once it is granted, and talks once the channel says so', () => {
    expect(play(byHub, [0, pressed()], [20, granted()], [25, keyed])).toEqual({
      current: {
        state: 'talking',
        at: 25,
        until: 25 + TIME_OUT_MS,
        turn: 'a',
        emergency: false,
        ending: false,
      },
      deeds: [
        { do: 'ask', turn: 'a', emergency: false },
        { do: 'key', emergency: false },
        { do: 'play', tone: 'permit' },
      ],
    })
  })

  it('keys a channel that keeps its own floor at once, unless somebody is heard there', () => {
    expect(play(byChannel, [0, pressed()]).current.state).toBe('keying')
    expect(play({ ...byChannel, busy: true }, [0, pressed()])).toEqual({
      current: { state: 'refused', at: 0, why: 'busy', down: true },
      deeds: [{ do: 'play', tone: 'busy' }],
    })
  })

  it('breaks in where somebody is heard if it is an emergency', () => {
    expect(play({ ...byChannel, busy: true }, [0, pressed('a', true)]).deeds).toEqual([
      { do: 'key', emergency: true },
    ])
  })

  it.each([
    ['not-allowed', { mayKey: false }],
    ['no-link', { linkUp: false }],
  ])('is refused at once: %s', (why, facts) => {
    const { current, deeds } = play({ ...byHub, ...facts }, [0, pressed()])
    expect(current).toMatchObject({ state: 'refused', why })
    expect(deeds).toEqual([{ do: 'play', tone: 'denied' }])
  })

  it('waits in the queue, and talks when its turn comes while it is still down', () => {
    const { current, deeds } = play(
      byHub,
      [0, pressed()],
      [10, { kind: 'queued', turn: 'a', place: 1 }],
      [500, { kind: 'queued', turn: 'a', place: 0 }],
      [900, granted()],
    )
    expect(current.state).toBe('keying')
    expect(deeds).toContainEqual({ do: 'key', emergency: false })
  })

  it('gives its place in the queue back when it comes up', () => {
    const { current, deeds } = play(
      byHub,
      [0, pressed()],
      [10, { kind: 'queued', turn: 'a', place: 0 }],
      [20, released],
    )
    expect(current).toEqual(notTransmitting)
    expect(deeds).toContainEqual({ do: 'give-back', turn: 'a' })
  })

  it('does not take the answer to another press for its own', () => {
    const { current } = play(byHub, [0, pressed('a')], [10, released], [20, pressed('b')], [30, granted('a')])
    expect(current).toMatchObject({ state: 'asking', turn: 'b' })
  })

  it('that was refused has to come up before it asks again', () => {
    const denied = { kind: 'denied', turn: 'a', why: 'busy' } as const
    const { current } = play(byHub, [0, pressed()], [10, denied], [200, granted()])
    expect(current).toMatchObject({ state: 'refused', why: 'busy', down: true })
    const again = play(byHub, [0, pressed()], [10, denied], [50, released], [60, pressed('b')])
    expect(again.current).toMatchObject({ state: 'asking', turn: 'b' })
  })

  it('is told when the hub does not answer, and takes back what it asked', () => {
    const { current, deeds } = play(byHub, [0, pressed()], [FLOOR_ANSWER_MS, { kind: 'ticked' }])
    expect(current).toMatchObject({ state: 'refused', why: 'no-floor-answer' })
    expect(deeds).toContainEqual({ do: 'give-back', turn: 'a' })
  })

  it('falls back on the channel when the hub goes while it asks, and talks on when it goes later', () => {
    const gone: Happening = { kind: 'floor-gone', facts: { keeper: 'channel' } }
    expect(play(byHub, [0, pressed()], [10, gone]).current).toMatchObject({ state: 'keying', turn: null })
    const talking = play(byHub, [0, pressed()], [10, granted()], [11, keyed], [500, gone], [600, released])
    expect(talking.current).toEqual(notTransmitting)
    expect(talking.deeds.at(-1)).toEqual({ do: 'unkey' })
  })

  it('asks for the floor when the hub is back while it talks, and is cut only if another has it', () => {
    const talking = [[0, pressed()] as const, [1, keyed] as const]
    const back: TransmitEvent = { kind: 'floor-back', turn: 'b' }
    const asked = play(byChannel, ...talking, [500, back], [520, granted('b')])
    expect(asked.current).toMatchObject({ state: 'talking', turn: 'b' })
    expect(asked.deeds).toContainEqual({ do: 'ask', turn: 'b', emergency: false })
    const queued = play(byChannel, ...talking, [500, back], [520, { kind: 'queued', turn: 'b', place: 0 }])
    expect(queued.current).toMatchObject({ state: 'cut', why: 'revoked' })
    expect(queued.deeds).toContainEqual({ do: 'give-back', turn: 'b' })
  })

  it('is warned before the time-out timer cuts it, stays cut, and is called stuck when it stays down', () => {
    const before = [[0, pressed()] as const, [0, granted()] as const, [0, keyed] as const]
    const ticked: TransmitEvent = { kind: 'ticked' }
    const warned = play(byHub, ...before, [TIME_OUT_MS - WARNING_MS, ticked])
    expect(warned.current).toMatchObject({ state: 'talking', ending: true })
    expect(warned.deeds.at(-1)).toEqual({ do: 'play', tone: 'warning' })
    const cut = play(byHub, ...before, [TIME_OUT_MS - WARNING_MS, ticked], [TIME_OUT_MS, ticked])
    expect(cut.current).toMatchObject({ state: 'cut', why: 'time-out', down: true })
    expect(cut.deeds.slice(-3)).toEqual([
      { do: 'unkey' },
      { do: 'give-back', turn: 'a' },
      { do: 'play', tone: 'cut' },
    ])
    const stuck = play(byHub, ...before, [TIME_OUT_MS, ticked], [TIME_OUT_MS + STUCK_MS, ticked])
    expect(stuck.current).toMatchObject({ state: 'cut', why: 'stuck-key', down: true })
  })

  it.each([
    ['pre-empted', { kind: 'revoked', turn: 'a', why: 'pre-empted' }],
    ['revoked', { kind: 'forbidden' }],
    ['link-lost', { kind: 'link-lost' }],
    ['key-lost', { kind: 'key-lost' }],
    ['time-out', { kind: 'unkeyed', why: 'time-out' }],
  ] as const)('that talks is cut and says why: %s', (why, event) => {
    const { current, deeds } = play(byHub, [0, pressed()], [0, granted()], [0, keyed], [400, event])
    expect(current).toMatchObject({ state: 'cut', why })
    expect(deeds.at(-1)).toEqual({ do: 'play', tone: 'cut' })
  })

  it('is given up when the channel says neither yes nor no', () => {
    const { current, deeds } = play(byHub, [0, pressed()], [5, granted()], [5 + KEYED_MS, { kind: 'ticked' }])
    expect(current).toMatchObject({ state: 'refused', why: 'no-link' })
    expect(deeds).toContainEqual({ do: 'unkey' })
  })

  it('shows for a while after it came up what went wrong', () => {
    const busy = { ...byChannel, busy: true }
    const events = [[0, pressed()] as const, [100, released] as const]
    expect(play(busy, ...events).current).toMatchObject({ state: 'refused', down: false })
    expect(play(busy, ...events, [100 + SHOWN_MS, { kind: 'ticked' }]).current).toEqual(notTransmitting)
  })
})

const turn = fc.constantFrom('a', 'b', 'c')
const anyEvent: fc.Arbitrary<TransmitEvent> = fc.oneof(
  fc.record({ kind: fc.constant('pressed' as const), turn, emergency: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('granted' as const), turn }),
  fc.record({ kind: fc.constant('queued' as const), turn, place: fc.nat(4) }),
  fc.record({
    kind: fc.constant('denied' as const),
    turn,
    why: fc.constantFrom('busy' as const, 'not-allowed' as const),
  }),
  fc.record({
    kind: fc.constant('revoked' as const),
    turn,
    why: fc.constantFrom('pre-empted' as const, 'time-out' as const, 'silent' as const, 'revoked' as const),
  }),
  fc.record({
    kind: fc.constant('unkeyed' as const),
    why: fc.constantFrom('busy' as const, 'denied' as const, 'time-out' as const, 'lost' as const),
  }),
  fc.constantFrom<TransmitEvent>(
    { kind: 'released' },
    { kind: 'key-lost' },
    { kind: 'floor-gone' },
    { kind: 'floor-back', turn: 'd' },
    { kind: 'keyed' },
    { kind: 'link-lost' },
    { kind: 'forbidden' },
    { kind: 'ticked' },
  ),
)
const anyFacts = fc.record({
  linkUp: fc.boolean(),
  mayKey: fc.boolean(),
  keeper: fc.constantFrom('hub' as const, 'channel' as const),
  busy: fc.boolean(),
  timeOutMs: fc.constant(TIME_OUT_MS),
})
const anyHistory = fc.array(fc.tuple(fc.integer({ min: 0, max: 8_000 }), anyEvent, anyFacts), {
  maxLength: 60,
})

describe('whatever happens to a key', () => {
  it('the channel is keyed exactly while the key has the right to it', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        let now = 0
        let current: Transmitting = notTransmitting
        let isKeyed = false
        for (const [later, event, facts] of history) {
          now += later
          const { next, deeds } = stepTransmitting(current, event, { ...facts, now })
          // A driver that says that it is not keyed any more is not.
          if (event.kind === 'unkeyed' || event.kind === 'link-lost') isKeyed = false
          for (const deed of deeds) {
            if (deed.do === 'key') {
              expect(facts.mayKey || current.state === 'asking' || current.state === 'queued').toBe(true)
              isKeyed = true
            }
            if (deed.do === 'unkey') isKeyed = false
          }
          expect(isKeyed).toBe(next.state === 'keying' || next.state === 'talking')
          current = next
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('what was asked of the hub is given back, or the hub took it back itself', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        let now = 0
        let current: Transmitting = notTransmitting
        const open = new Set<string>()
        for (const [later, event, facts] of history) {
          now += later
          const { next, deeds } = stepTransmitting(current, event, { ...facts, now })
          if ((event.kind === 'denied' || event.kind === 'revoked') && next !== current)
            open.delete(event.turn)
          if (event.kind === 'floor-gone') open.clear()
          for (const deed of deeds) {
            if (deed.do === 'ask') open.add(deed.turn)
            if (deed.do === 'give-back') open.delete(deed.turn)
          }
          const held = 'turn' in next && next.turn !== null ? [next.turn] : []
          expect([...open]).toEqual(held)
          current = next
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('nothing goes out past the time-out, and no deadline passes without a change', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        let now = 0
        let current: Transmitting = notTransmitting
        for (const [later, event, facts] of history) {
          // Whoever runs it ticks at each deadline before anything else happens.
          for (let due = transmitDeadline(current); due !== undefined && due <= now + later; ) {
            const { next } = stepTransmitting(current, { kind: 'ticked' }, { ...facts, now: due })
            expect(next).not.toEqual(current)
            current = next
            due = transmitDeadline(current)
          }
          now += later
          if (current.state === 'talking') expect(now).toBeLessThan(current.until)
          current = stepTransmitting(current, event, { ...facts, now }).next
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
