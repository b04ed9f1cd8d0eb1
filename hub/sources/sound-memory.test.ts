import { describe, expect, it } from 'vitest'
import { openSoundMemory } from './sound-memory.ts'

const HOUR = 3_600_000

describe('whether a camera is asked for sound', () => {
  it('is so at first, and for an hour not once it has said that it has none', () => {
    const sound = openSoundMemory()
    expect(sound.wanted(0)).toBe(true)
    sound.none(0)
    sound.came(0)
    expect(sound.wanted(HOUR - 1)).toBe(false)
    expect(sound.wanted(HOUR)).toBe(true)
  })

  it('is not so where a picture came only without', () => {
    const sound = openSoundMemory()
    expect(sound.wanted(0)).toBe(true)
    sound.failed('silent')
    expect(sound.wanted(1)).toBe(false)
    sound.came(1)
    expect(sound.wanted(2)).toBe(false)
    expect(sound.wanted(1 + HOUR)).toBe(true)
  })

  it('is so again where none came without either: it was not the sound', () => {
    const sound = openSoundMemory()
    for (let time = 0; time < 2; time++) {
      expect(sound.wanted(time)).toBe(true)
      sound.failed('silent')
      expect(sound.wanted(time)).toBe(false)
      sound.failed('silent')
    }
    for (const fault of ['unreachable', 'refused', 'busy', 'video-down'] as const) {
      expect(sound.wanted(5)).toBe(true)
      sound.failed(fault)
    }
  })
})
