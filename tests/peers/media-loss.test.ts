import { expect, it, onTestFinished } from 'vitest'
import { callWithLoss } from '../support/lossy-network.ts'

it('a call of which 5 % is lost is heard at both ends, and is rated for what it is', async () => {
  const { before, after, lossThere, heardHere, heardThere } = await callWithLoss(onTestFinished, 5)
  expect(before.loss).toBe(0)
  expect(before.score).toBeGreaterThan(4.2)
  // Of 500 packets and more, within four standard deviations; of the 250 of a report, too.
  expect(after.loss).toBeGreaterThan(0.01)
  expect(after.loss).toBeLessThan(0.09)
  expect(lossThere).toBeGreaterThan(0)
  expect(lossThere).toBeLessThan(0.12)
  expect(after.score).toBeLessThan(before.score - 0.1)
  expect(after.score).toBeGreaterThan(3)
  expect(heardHere).toBeGreaterThan(0.8)
  expect(heardThere).toBeGreaterThan(0.6)
})
