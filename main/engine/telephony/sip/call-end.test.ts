import { describe, expect, it } from 'vitest'
import { endOf, reasonOf, takenElsewhere } from './call-end.ts'

describe('the end of a call', () => {
  it.each([
    [486, 'busy'],
    [603, 'declined'],
    [480, 'no-answer'],
    [404, 'not-found'],
    [488, 'media'],
    [500, 'failed'],
  ] as const)('by %i is %s', (status, why) => {
    expect(endOf(status)).toBe(why)
  })

  it('is told by its Reason', () => {
    expect(reasonOf('SIP ;cause=200 ;text="Call \\"A\\" completed elsewhere"')).toEqual({
      protocol: 'SIP',
      cause: 200,
      text: 'Call "A" completed elsewhere',
    })
    expect(reasonOf('Q.850')).toEqual({ protocol: 'Q.850', cause: null, text: '' })
    expect([undefined, '', '"'].map(reasonOf)).toEqual([undefined, undefined, undefined])
  })

  it('was elsewhere if another phone has answered', () => {
    expect(takenElsewhere(reasonOf('SIP;cause=200'))).toBe(true)
    expect(takenElsewhere(reasonOf('Q.850;cause=26'))).toBe(true)
    expect(takenElsewhere(reasonOf('SIP;cause=486'))).toBe(false)
    expect(takenElsewhere(undefined)).toBe(false)
  })
})
