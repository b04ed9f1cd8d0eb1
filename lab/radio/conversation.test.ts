import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chanceFrom } from '../city/random.ts'
import { answer, callForHelp, conversation } from './conversation.ts'

const crew = ['30001', '30002', '30003', '30004'] as const
const many = Array.from({ length: 400 }, (_nothing, seed) => conversation(crew, chanceFrom(seed)))

describe('a conversation of patrols', () => {
  it('is between two who take turns, and begins at once', () => {
    for (const lines of many) {
      expect(lines.length).toBeGreaterThan(1)
      expect(lines[0]?.afterMs).toBe(0)
      expect(new Set(lines.map(({ radio }) => radio)).size).toBe(2)
      for (const [nth, { radio, afterMs }] of lines.entries())
        if (nth > 0) {
          expect(radio).not.toBe(lines[nth - 1]?.radio)
          expect(afterMs).toBeGreaterThanOrEqual(400)
        }
    }
  })

  it('is in one language, mostly Chinese', () => {
    const languages = many.map((lines) => new Set(lines.map(({ clip }) => clip.slice(-2))))
    expect(languages.every(({ size }) => size === 1)).toBe(true)
    const chinese = languages.filter((language) => language.has('zh')).length
    expect(chinese / many.length).toBeGreaterThan(0.65)
    expect(chinese / many.length).toBeLessThan(0.85)
  })

  it('has somebody hardly heard at times, who is asked to say it again and says the same', () => {
    const weak = many.filter(([first]) => first?.weak)
    expect(weak.length).toBeGreaterThan(20)
    for (const [first, second, third] of weak) {
      expect(second?.clip).toMatch(/^radio-again-/)
      expect(third).toMatchObject({ radio: first?.radio, clip: first?.clip, weak: false })
    }
  })

  it('has a third one at times who speaks into it', () => {
    const doubled = many.flatMap(([first]) => (first?.doubled === undefined ? [] : [first]))
    expect(doubled.length).toBeGreaterThan(15)
    for (const { radio, doubled: other } of doubled) expect(other?.radio).not.toBe(radio)
    const two = Array.from({ length: 100 }, (_nothing, seed) => conversation(['1', '2'], chanceFrom(seed)))
    expect(two.flat().every((spoken) => spoken.doubled === undefined)).toBe(true)
  })

  it('is held with oneself where nobody else is', () => {
    expect(new Set(conversation(['1'], chanceFrom(3)).map(({ radio }) => radio))).toEqual(new Set(['1']))
  })
})

it('everything that is said has a clip', () => {
  const clips = readdirSync(join(import.meta.dirname, '../../resources/lab-clips'))
  const chances = Array.from({ length: 50 }, (_nothing, seed) => chanceFrom(seed))
  const said = [
    ...many.flat(),
    ...many.flat().flatMap(({ doubled }) => doubled ?? []),
    ...chances.map((chance) => answer(crew, chance)),
    ...chances.flatMap((chance) => callForHelp('30001', crew, chance)),
  ]
  for (const { clip } of said) expect(clips).toContain(`${clip}.ulaw`)
})
