import { describe, expect, it, vi } from 'vitest'
import { emptyState, type SharedState } from '../contract/state.ts'
import { taskTable } from '../contract/tasks.ts'
import { assign, grade, newCity, open } from '../tests/support/incidents.ts'
import { chanceFrom } from './city/random.ts'
import { crewStep, playCrews } from './crews.ts'

describe('a crew', () => {
  it('takes only steps that can be taken, until the task is done or refused', () => {
    const chance = chanceFrom(3)
    const ends = new Set<string>()
    for (let task = 0; task < 300; task++) {
      let state = 'assigned' as keyof typeof taskTable
      for (let next = crewStep(state, chance); next !== undefined; next = crewStep(state, chance)) {
        const then = taskTable[state][next.step]
        expect(then, `${next.step} from ${state}`).toBeDefined()
        state = then ?? state
      }
      ends.add(state)
    }
    expect(ends).toEqual(new Set(['done', 'refused']))
  })

  it('does what its unit is asked, one step after the other, and leaves alone what somebody else plays', async () => {
    vi.useFakeTimers()
    try {
      const city = newCity()
      let tell: (state: SharedState) => void = () => undefined
      const crews = playCrews(
        {
          follow: (listener) => {
            tell = listener
            listener(emptyState)
            return () => undefined
          },
          submit: async (command) => {
            city.does('supervisor', command)
            tell(city.state)
          },
        },
        5,
      )
      city.does('supervisor', open())
      city.does('supervisor', grade())
      city.does('supervisor', assign('played', 'north-engine'))
      city.does('supervisor', assign('left', 'north-patrol'))
      tell(city.state)
      expect(crews.isTasked('north-engine')).toBe(true)
      await vi.runAllTimersAsync()
      expect(crews.isTasked('north-engine')).toBe(false)
      expect(['done', 'refused']).toContain(city.task('played').state)
      expect(city.task('left').state).toBe('assigned')
      crews.close()
    } finally {
      vi.useRealTimers()
    }
  })
})
