import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MOVE_AGAIN_MS } from '../../contract/steering.ts'
import { openWheel, type Wheel } from './wheel.ts'

const person = (account: string) => ({ account, name: { zh: account, en: account } })
const left = { pan: -1, tilt: 0, zoom: 0 }
const closer = { pan: 0, tilt: 0, zoom: 1 }

describe('the wheel of a camera', () => {
  let done: string[]
  let answer: () => Promise<void>
  let changes: (string | null)[]
  let wheel: Wheel
  beforeEach(() => {
    vi.useFakeTimers()
    done = []
    changes = []
    answer = async () => undefined
    const does = async (what: string) => {
      done.push(what)
      await answer()
    }
    wheel = openWheel({
      camera: {
        move: ({ pan, zoom }) => does(pan === 0 ? `zoom ${zoom}` : `pan ${pan}`),
        stop: () => does('stop'),
        goTo: (preset) => does(`go-to ${preset}`),
        presets: async () => [],
        keyFrame: async () => undefined,
        turns: async () => {
          await does('asked')
          return true
        },
      },
      onChange: () => changes.push(wheel.by?.account ?? null),
    })
  })
  afterEach(() => {
    wheel.close()
    vi.useRealTimers()
  })

  it('is one officer’s until five seconds after the last act', async () => {
    expect(wheel.take('s1', person('first'))).toBe(true)
    await wheel.move(left)
    expect(() => wheel.take('s2', person('second'))).toThrow('steered-by-other')
    await wheel.stop('s2')
    expect(done).toEqual(['pan -1'])
    await vi.advanceTimersByTimeAsync(4_000)
    expect(wheel.take('s1', person('first'))).toBe(false)
    await vi.advanceTimersByTimeAsync(4_900)
    expect(wheel.by?.account).toBe('first')
    await vi.advanceTimersByTimeAsync(200)
    expect(wheel.take('s2', person('second'))).toBe(true)
    expect(changes).toEqual(['first', null, 'second'])
  })

  it('stands still when whoever moved it says nothing more', async () => {
    wheel.take('s1', person('first'))
    await wheel.move(left)
    await vi.advanceTimersByTimeAsync(2 * MOVE_AGAIN_MS)
    wheel.take('s1', person('first'))
    await wheel.move(left)
    await vi.advanceTimersByTimeAsync(3 * MOVE_AGAIN_MS)
    expect(done).toEqual(['pan -1', 'pan -1', 'stop'])
  })

  it('stops between two ways to move, which a camera would do both of', async () => {
    wheel.take('s1', person('first'))
    await wheel.move(left)
    await wheel.move(closer)
    expect(done).toEqual(['pan -1', 'stop', 'zoom 1'])
  })

  it('leaves out moves that are over before a slow camera has done the first', async () => {
    const slow = Promise.withResolvers<void>()
    answer = () => slow.promise
    const all = []
    for (let time = 0; time < 3; time++) {
      wheel.take('s1', person('first'))
      all.push(wheel.move(left))
    }
    all.push(wheel.stop('s1'))
    answer = async () => undefined
    slow.resolve()
    await Promise.all(all)
    expect(done.at(-1)).toBe('stop')
    expect(done.filter((what) => what === 'pan -1').length).toBeLessThanOrEqual(1)
  })

  it('is known once the camera has said so, which is asked again only where it did not answer', async () => {
    answer = () => Promise.reject(new Error('no answer'))
    wheel.look()
    await vi.advanceTimersByTimeAsync(0)
    expect(wheel.turns).toBe(false)
    answer = async () => undefined
    for (let time = 0; time < 3; time++) {
      wheel.look()
      await vi.advanceTimersByTimeAsync(0)
    }
    expect(wheel.turns).toBe(true)
    expect(done).toEqual(['asked', 'asked'])
  })

  it('goes on with what is asked next when the camera did not do something', async () => {
    wheel.take('s1', person('first'))
    answer = () => Promise.reject(new Error('nothing a camera says'))
    await expect(wheel.goTo('gate')).rejects.toThrow('nothing a camera says')
    answer = async () => undefined
    await wheel.stop('s1')
    expect(done).toEqual(['go-to gate', 'stop'])
  })
})
