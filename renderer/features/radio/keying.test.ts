import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Transmission } from '../../../contract/seat-radio.ts'
import { seatChannel } from '../../../tests/support/seat-channel.ts'
import { type Held, isKeyed, type KeyEvent, type KeyMode, keyed, nothingHeld, settled } from './keying.ts'

const press = (key: string, mode: KeyMode = 'hold'): KeyEvent => ({
  kind: 'pressed',
  key,
  press: { channels: ['north'], emergency: false, mode, at: 1000 },
})
const release = (key: string): KeyEvent => ({ kind: 'released', key })
const down = (...events: readonly KeyEvent[]) => Object.keys(events.reduce(keyed, nothingHeld))

describe('a key that is held', () => {
  it.each<[string, readonly KeyEvent[], readonly string[]]>([
    ['talks while it is down', [press('Space')], ['Space']],
    ['is over when it comes up', [press('Space'), release('Space')], []],
    ['is one press, though it is told twice', [press('Space'), press('Space')], ['Space']],
    ['is let go when the window loses the focus', [press('Space'), press('F1'), { kind: 'lost' }], []],
    ['is over when the engine ends it', [press('Space'), { kind: 'ended', key: 'Space' }], []],
    ['does not let go another', [press('Space'), press('F1'), release('Space')], ['F1']],
    ['comes up twice without harm', [press('F1'), release('F1'), release('F1')], []],
  ])('%s', (_, events, expected) => expect(down(...events)).toEqual(expected))

  it('talks nowhere without a channel', () => {
    const nowhere: KeyEvent = {
      kind: 'pressed',
      key: 'Space',
      press: { channels: [], emergency: false, mode: 'hold', at: 0 },
    }
    expect(down(nowhere)).toEqual([])
  })
})

describe('a key that is latched', () => {
  it.each<[string, readonly KeyEvent[], readonly string[]]>([
    ['talks on when it comes up', [press('Space', 'latch'), release('Space')], ['Space']],
    [
      'is over when it is pressed again',
      [press('Space', 'latch'), release('Space'), press('Space', 'latch')],
      [],
    ],
    [
      'is over when it is pressed again, though latching was switched off meanwhile',
      [press('F1', 'latch'), press('F1')],
      [],
    ],
    ['is let go when the window loses the focus', [press('Space', 'latch'), { kind: 'lost' }], []],
  ])('%s', (_, events, expected) => expect(down(...events)).toEqual(expected))

  const channel = (transmission: Transmission) => seatChannel({ transmission })
  const latched = keyed(nothingHeld, press('Space', 'latch'))

  it('is let go when its transmission was cut or refused', () => {
    expect(settled(latched, [channel({ state: 'cut', at: 2000, why: 'time-out' })])).toEqual({})
    expect(settled(latched, [channel({ state: 'refused', at: 1000, why: 'busy' })])).toEqual({})
  })

  it('stays while it asks, and is not taken for the one that was cut before', () => {
    expect(settled(latched, [channel({ state: 'asking', since: 1000 })])).toBe(latched)
    expect(settled(latched, [channel({ state: 'cut', at: 900, why: 'time-out' })])).toBe(latched)
  })

  it('is no held key: that one is let go by the finger', () => {
    const held = keyed(nothingHeld, press('Space'))
    expect(settled(held, [channel({ state: 'cut', at: 2000, why: 'time-out' })])).toBe(held)
  })
})

describe('whatever is pressed', () => {
  const key = fc.constantFrom('Space', 'F1', 'F2', 'card/north', 'bar')
  const mode = fc.constantFrom<KeyMode>('hold', 'latch')
  const event: fc.Arbitrary<KeyEvent> = fc.oneof(
    fc.tuple(key, mode).map(([name, how]) => press(name, how)),
    key.map(release),
    key.map((name): KeyEvent => ({ kind: 'ended', key: name })),
    fc.constant<KeyEvent>({ kind: 'lost' }),
  )
  const events = fc.array(event, { maxLength: 40 })
  const heldAfter = (all: readonly KeyEvent[], from: Held = nothingHeld) => all.reduce(keyed, from)

  it('is let go for good when the window loses the focus', () =>
    fc.assert(
      fc.property(events, (all) => {
        expect(isKeyed(heldAfter([...all, { kind: 'lost' }]), 'north')).toBe(false)
      }),
    ))

  it('is never left pressed by a key that came up', () =>
    fc.assert(
      fc.property(events, key, (all, name) => {
        const left = heldAfter([...all, release(name)])[name]
        expect(left === undefined || left.mode === 'latch').toBe(true)
      }),
    ))

  it('is ended by one more press, if it was latched', () =>
    fc.assert(
      fc.property(events, key, (all, name) => {
        const before = heldAfter(all)
        fc.pre(before[name]?.mode === 'latch')
        expect(keyed(before, press(name))[name]).toBeUndefined()
      }),
    ))
})
