import { describe, expect, it } from 'vitest'
import { type Bench, missedTargets, percentile, resultOf } from './bench.ts'

const bench: Bench = {
  name: 'example',
  about: '',
  targets: { rate: { min: 10 }, 'fps*': { min: 55 } },
  run: async () => ({ figures: {} }),
}

describe('a benchmark’s result', () => {
  it('is the median, with the lowest and the highest', () => {
    const result = resultOf(bench, {
      figures: { rate: [30, 10, 20], fpsA: [60, 61], fpsB: [56] },
      peer: { rate: [1, 3] },
    })
    expect(result).toMatchObject({
      figures: { rate: 20, fpsA: 60.5 },
      spread: { rate: [10, 30] },
      peer: { rate: 2 },
      ok: true,
    })
  })

  it('is not ok when a target is missed, or has no figure', () => {
    expect(missedTargets({ rate: 9, fpsA: 60, fpsB: 50 }, bench.targets)).toEqual(['rate', 'fpsB'])
    expect(missedTargets({ rate: 10 }, bench.targets)).toEqual(['fps*'])
    expect(missedTargets({ late: 5 }, { late: { max: 4 } })).toEqual(['late'])
  })

  it('knows percentiles', () => {
    expect(
      percentile(
        Array.from({ length: 100 }, (_, at) => at),
        0.95,
      ),
    ).toBe(95)
    expect(percentile([7], 0.95)).toBe(7)
  })
})
