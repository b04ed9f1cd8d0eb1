import { describe, expect, it } from 'vitest'
import { lampsOf } from './lamps.ts'

const hub = { up: true, since: 1000, heardAt: 5000 }
const video = { state: 'up' as const, since: 2000, fault: null }
const positions = (change: object = {}) => ({
  video,
  positions: { state: 'up' as const, since: 2000, lastReportAt: 9000, ...change },
})
const states = (lamps: ReturnType<typeof lampsOf>) => lamps.map(({ name, state }) => `${name} ${state}`)

describe('the lamps', () => {
  it('say nothing of data before the hub has', () => {
    expect(states(lampsOf({ hub, status: undefined }, 10_000))).toEqual(['hub up'])
  })

  it('are all up while reports come in', () => {
    expect(states(lampsOf({ hub, status: positions() }, 10_000))).toEqual(['video up', 'data up', 'hub up'])
  })

  it('say since when nothing has come in', () => {
    const [, data] = lampsOf({ hub, status: positions() }, 24_000)
    expect(data).toEqual({ name: 'data', state: 'idle', since: 24_000, heardAt: 9000 })
    const [, never] = lampsOf({ hub, status: positions({ lastReportAt: null }) }, 24_000)
    expect(never).toMatchObject({ state: 'idle', heardAt: null })
  })

  it('say that video is down where the hub can not do it, and why', () => {
    const status = {
      ...positions(),
      video: { state: 'down' as const, since: 3000, fault: 'no-worker' as const },
    }
    const lamps = lampsOf({ hub, status }, 10_000)
    expect(states(lamps)).toEqual(['video down', 'data up', 'hub up'])
    expect(lamps[0]).toMatchObject({ since: 3000, fault: 'no-worker' })
  })

  it('say that the broker is down, and that without the hub there are neither data nor video', () => {
    expect(states(lampsOf({ hub, status: positions({ state: 'down' }) }, 10_000))).toEqual([
      'video up',
      'data down',
      'hub up',
    ])
    expect(states(lampsOf({ hub: { ...hub, up: false }, status: positions() }, 10_000))).toEqual([
      'video down',
      'data down',
      'hub down',
    ])
  })
})
