import { describe, expect, it } from 'vitest'
import { loudness, shareOf } from '../../../tests/support/tone.ts'
import { alertTone, permitTone } from './radio-tones.ts'

const ms = ({ length }: Int16Array) => length / 8

describe('the tones of a key', () => {
  it('are short, and the permit tone the shortest: the officer talks meanwhile', () => {
    expect(ms(permitTone('permit'))).toBe(120)
    for (const name of ['busy', 'denied', 'warning', 'cut'] as const) {
      expect(ms(permitTone(name))).toBeGreaterThan(120)
      expect(ms(permitTone(name))).toBeLessThan(600)
    }
  })

  it('rise when one may talk, and fall when one was cut', () => {
    const [permit, cut] = [permitTone('permit'), permitTone('cut')]
    expect(shareOf(1_050, permit.subarray(0, 400))).toBeGreaterThan(0.9)
    expect(shareOf(1_400, permit.subarray(400))).toBeGreaterThan(0.9)
    expect(shareOf(900, cut.subarray(0, 640))).toBeGreaterThan(0.9)
    expect(shareOf(400, cut.subarray(1_280))).toBeGreaterThan(0.9)
  })

  it('begin and end in silence, so that they do not click', () => {
    for (const name of ['permit', 'busy', 'denied', 'warning', 'cut'] as const) {
      const samples = permitTone(name)
      expect(Math.abs(samples[0] ?? 1)).toBeLessThan(100)
      expect(Math.abs(samples.at(-1) ?? 1)).toBeLessThan(400)
    }
  })

  it('are fainter in the ear than alert tones on the air', () => {
    expect(loudness(alertTone('attention'))).toBeGreaterThan(loudness(permitTone('denied')))
    expect(shareOf(1_000, alertTone('attention'))).toBeGreaterThan(0.95)
  })
})
