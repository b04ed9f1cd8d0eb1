import { describe, expect, it } from 'vitest'
import { chanceFrom } from '../city/random.ts'
import { talking, temperamentOf } from './person.ts'
import { SAMPLES } from './voice.ts'

const numbers = Array.from({ length: 300 }, (_nothing, at) => `${60_000 + at}`)

describe('whoever has a phone', () => {
  it('always behaves the same', () => {
    for (const number of numbers) expect(temperamentOf(number)).toEqual(temperamentOf(number))
  })

  it('mostly answers; some are busy, away, or decline', () => {
    const kinds = Map.groupBy(numbers, (number) => temperamentOf(number).kind)
    expect(kinds.get('answers')?.length).toBeGreaterThan(220)
    for (const kind of ['busy', 'away', 'declines'] as const)
      expect(kinds.get(kind)?.length).toBeGreaterThan(0)
  })

  it('answers within one to four seconds', () => {
    for (const number of numbers) {
      const temperament = temperamentOf(number)
      if (temperament.kind !== 'answers') continue
      expect(temperament.afterMs).toBeGreaterThanOrEqual(1_000)
      expect(temperament.afterMs).toBeLessThanOrEqual(4_000)
    }
  })

  it('says one sentence after the other, whole, and listens in between', () => {
    const [one, two] = [new Uint8Array(SAMPLES + 10).fill(1), new Uint8Array(SAMPLES).fill(2)]
    const script = talking([one, two], chanceFrom(1))
    const said = Array.from({ length: 1_000 }, () => script()?.[0] ?? 0)
    const turns = said.filter((octet, at) => octet !== said[at - 1])
    expect(turns.slice(0, 6)).toEqual([0, 1, 0, 2, 0, 1])
    expect(said.filter((octet) => octet === 0).length).toBeGreaterThan(500)
  })

  it('says nothing if there is nothing to say', () => {
    const script = talking([], chanceFrom(1))
    expect(Array.from({ length: 500 }, () => script()).every((packet) => packet === undefined)).toBe(true)
  })
})
