import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { chanceFrom } from '../city/random.ts'
import { realTime } from '../exchange/time.ts'
import { keepTalking, type Words } from './patrols.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const CREW = ['30001', '30002', '30003'] as const
const CLIP_MS = 2_000
const HOUR_MS = 3_600_000

function begin(seed = 4) {
  const said: (Words & { readonly at: number })[] = []
  let [speaking, most] = [0, 0]
  const patrols = keepTalking({
    crew: CREW,
    chance: chanceFrom(seed),
    time: realTime,
    pauseMs: 30_000,
    air: {
      transmit: (words) => {
        said.push({ ...words, at: Date.now() })
        most = Math.max(most, ++speaking)
        return new Promise((resolve) =>
          setTimeout(() => {
            speaking--
            resolve()
          }, CLIP_MS),
        )
      },
    },
  })
  onTestFinished(patrols.stop)
  return { patrols, said, most: () => most, speaking: () => speaking }
}

describe('patrols on a channel', () => {
  it('talk now and then, the same for the same seed, two at once at times and never three', async () => {
    const { said, most } = begin()
    const again = begin()
    const other = begin(5)
    await vi.advanceTimersByTimeAsync(HOUR_MS)
    expect(said.length).toBeGreaterThan(150)
    expect(said.length).toBeLessThan(450)
    expect(again.said).toEqual(said)
    expect(other.said).not.toEqual(said)
    expect(most()).toBe(2)
    expect(new Set(said.map(({ radio }) => radio))).toEqual(new Set(CREW))
    expect(said.every(({ emergency }) => !emergency)).toBe(true)
  })

  it('begin nothing while a seat talks, and one of them answers it', async () => {
    const { patrols, said, speaking } = begin()
    await vi.advanceTimersByTimeAsync(HOUR_MS)
    patrols.seatTalks(true)
    await vi.advanceTimersByTimeAsync(CLIP_MS * 2)
    expect(speaking()).toBe(0)
    const before = said.length
    await vi.advanceTimersByTimeAsync(HOUR_MS)
    expect(said).toHaveLength(before)
    patrols.seatTalks(false)
    const over = Date.now()
    await vi.advanceTimersByTimeAsync(3_000)
    expect(said).toHaveLength(before + 1)
    expect(said.at(-1)?.clip).toMatch(/^radio-(answer|copy)-/)
    expect((said.at(-1)?.at ?? 0) - over).toBeGreaterThanOrEqual(400)
    await vi.advanceTimersByTimeAsync(HOUR_MS)
    expect(said.length).toBeGreaterThan(before + 50)
  })

  it('break off their conversation for a seat', async () => {
    const { patrols, said, speaking } = begin()
    while (speaking() === 0) await vi.advanceTimersByTimeAsync(100)
    patrols.seatTalks(true)
    const before = said.length
    await vi.advanceTimersByTimeAsync(60_000)
    expect(said).toHaveLength(before)
  })

  it('call for help at once, also while a seat talks', async () => {
    const { patrols, said } = begin()
    patrols.seatTalks(true)
    const help = patrols.callForHelp('30002')
    await vi.advanceTimersByTimeAsync(60_000)
    await help
    expect(said).toMatchObject([
      { radio: '30002', emergency: true, clip: expect.stringMatching(/^radio-help-/) },
    ])
  })

  it('come when one of them calls for help', async () => {
    const { patrols, said } = begin()
    const help = patrols.callForHelp('30002')
    await vi.advanceTimersByTimeAsync(2 * CLIP_MS + 2_000)
    await help
    expect(said).toMatchObject([
      { radio: '30002', emergency: true },
      {
        radio: expect.not.stringMatching('30002'),
        emergency: false,
        clip: expect.stringMatching(/on-the-way/),
      },
    ])
  })

  it('fall silent for ever once they are told to stop', async () => {
    const { patrols, said } = begin()
    patrols.stop()
    patrols.seatTalks(false)
    await vi.advanceTimersByTimeAsync(HOUR_MS)
    expect(said).toEqual([])
  })
})
