import { expect, it, onTestFinished } from 'vitest'
import { meetAcross } from '../support/room-network.ts'

it('a room whose network loses 5 % of all packets is seen and heard on', async () => {
  const { seen, lost } = await meetAcross(onTestFinished, { loss: 5 })
  expect(seen).toBe(true)
  // Of thousands of packets.
  expect(lost).toBeGreaterThan(0.03)
  expect(lost).toBeLessThan(0.07)
})

it('a room that can be reached through a relay only is, with a name that the hub gives out', async () => {
  const { seen, state, way, logged, secret } = await meetAcross(onTestFinished, { relay: true })
  expect({ seen, state, way }).toEqual({ seen: true, state: 'connected', way: 'relay' })
  expect(logged).not.toContain(secret)
})

it('a room that can be reached through a relay only is not without one', async () => {
  const { seen, way } = await meetAcross(onTestFinished, { relay: false })
  expect({ seen, way }).toEqual({ seen: false, way: null })
})
