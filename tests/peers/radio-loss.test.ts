import { expect, it, onTestFinished } from 'vitest'
import { talkAcross } from '../support/talk-across.ts'

it('two seats in networks of their own hear each other through 5 % of loss, in one talk-spurt each', async () => {
  const { near, far } = await talkAcross(onTestFinished, 5)
  for (const heard of [near, far]) {
    expect(heard.talkSpurts).toBe(1)
    expect(heard.share).toBeGreaterThan(0.8)
    expect(heard.loudness).toBeGreaterThan(0.15)
    // Of 150 packets; that none is lost happens once in two thousand times.
    expect(heard.lost).toBeGreaterThan(0)
  }
})
