import { describe, expect, it } from 'vitest'
import type { LineStatus } from '../../../contract/telephony.ts'
import { exchangeLamp } from './lamp.ts'

const line = (state: LineStatus['state'], since: number): LineStatus => ({
  id: `line-${since}`,
  number: '8001',
  exchange: { zh: '交换机', en: 'Exchange' },
  state,
  since,
  why: null,
})

describe('the lamp of the exchanges', () => {
  it('is not there for a seat without lines', () => {
    expect(exchangeLamp([])).toBeUndefined()
  })

  it('is up since the last line registered', () => {
    expect(exchangeLamp([line('registered', 5), line('registered', 9)])).toMatchObject({
      state: 'up',
      since: 9,
    })
  })

  it.each(['registering', 'failing', 'no-password', 'out-of-service'] as const)(
    'is down while one line is %s, since that began',
    (state) => {
      expect(exchangeLamp([line('registered', 20), line(state, 5)])).toMatchObject({
        state: 'down',
        since: 5,
      })
    },
  )
})
