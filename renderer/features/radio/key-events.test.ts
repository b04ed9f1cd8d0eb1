import { describe, expect, it } from 'vitest'
import { type Focus, type Meaning, meaningOfDown, type Stroke } from './key-events.ts'

const stroke = (code: string, more: Partial<Stroke> = {}): Stroke => ({
  code,
  repeat: false,
  modified: false,
  ...more,
})
const bindings = (code: string) => ({ Space: ['north', 'south'], F1: ['north'] })[code]
const press = (...channels: readonly string[]): Meaning => ({ kind: 'press', channels })
const none: Meaning = { kind: 'none' }
const swallow: Meaning = { kind: 'swallow' }

describe('a key that goes down', () => {
  it.each<[string, Stroke, Focus, boolean, Meaning]>([
    [
      'talks on the selected channels, the space bar',
      stroke('Space'),
      'other',
      false,
      press('north', 'south'),
    ],
    ['talks on its own channel', stroke('F1'), 'other', false, press('north')],
    ['writes a space where somebody types', stroke('Space'), 'text', false, none],
    [
      'talks on its own channel, though somebody types: it writes nothing',
      stroke('F1'),
      'text',
      false,
      press('north'),
    ],
    ['ticks a box that was reached with the keyboard', stroke('Space'), 'own-space', false, none],
    ['means nothing if it is not one to talk with', stroke('F5'), 'other', false, none],
    [
      'means something else with Ctrl, Alt or the system’s key',
      stroke('Space', { modified: true }),
      'other',
      false,
      none,
    ],
    ['presses no button while it is held', stroke('Space', { repeat: true }), 'other', true, swallow],
    [
      'stays ours while it is held, wherever the focus went',
      stroke('Space', { repeat: true }),
      'text',
      true,
      swallow,
    ],
    [
      'neither talks nor presses a button when it was let go unseen and goes on repeating',
      stroke('Space', { repeat: true }),
      'other',
      false,
      swallow,
    ],
    ['goes on writing spaces', stroke('Space', { repeat: true }), 'text', false, none],
  ])('%s', (_, key, focus, held, expected) =>
    expect(meaningOfDown(key, focus, held, bindings)).toEqual(expected),
  )
})
