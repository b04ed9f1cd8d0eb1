import { beforeEach, describe, expect, it } from 'vitest'
import { sine } from '../../../../tests/support/tone.ts'
import { LevelSquelch } from './level-squelch.ts'

const word = sine(700, 160, 0, 0.1)
const hiss = sine(700, 160, 0, 0.002)

describe('squelch by loudness', () => {
  let squelch = new LevelSquelch()
  let now = 0
  /** Packets of 20 ms, one after the other. */
  const hear = (samples: Int16Array, packets: number) => {
    for (let count = 0; count < packets; count++) {
      squelch.take(samples, now)
      now += 20
    }
  }
  beforeEach(() => {
    squelch = new LevelSquelch()
    now = 0
  })

  it('is closed while there is nothing, or but the hiss of the receiver', () => {
    expect(squelch.isOpen(0)).toBe(false)
    hear(hiss, 100)
    expect(squelch.isOpen(now)).toBe(false)
  })

  it('opens for a word, and not for a click', () => {
    hear(word, 1)
    hear(hiss, 1)
    expect(squelch.isOpen(now)).toBe(false)
    hear(word, 2)
    expect(squelch.isOpen(now)).toBe(true)
  })

  it('stays open between words, and closes half a second after the last', () => {
    hear(word, 5)
    hear(hiss, 20)
    expect(squelch.isOpen(now)).toBe(true)
    hear(word, 1)
    hear(hiss, 20)
    expect(squelch.isOpen(now)).toBe(true)
    hear(hiss, 6)
    expect(squelch.isOpen(now)).toBe(false)
  })

  it('closes when no packets come any more', () => {
    hear(word, 5)
    expect(squelch.isOpen(now + 480)).toBe(false)
  })

  it('forgets what was heard before this side talked', () => {
    hear(word, 5)
    squelch.reset()
    expect(squelch.isOpen(now)).toBe(false)
  })
})
