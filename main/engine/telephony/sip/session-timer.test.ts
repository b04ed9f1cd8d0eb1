import { describe, expect, it } from 'vitest'
import { agreedAsClient, agreedAsServer, deadlines, sessionExpires } from './session-timer.ts'

describe('session timers', () => {
  it.each([
    ['1800;refresher=uas', { seconds: 1800, refresher: 'uas' }],
    [' 90 ; x=y; refresher=UAC', { seconds: 90, refresher: 'uac' }],
    ['90', { seconds: 90, refresher: undefined }],
    ['0', undefined],
    ['often', undefined],
    [undefined, undefined],
  ])('are read from %s', (header, said) => {
    expect(sessionExpires(header)).toEqual(said)
  })

  it('are as the other side answers', () => {
    expect(agreedAsClient('600;refresher=uas')).toEqual({ seconds: 600, ours: false })
    expect(agreedAsClient('600')).toEqual({ seconds: 600, ours: true })
    expect(agreedAsClient(undefined)).toBeUndefined()
  })

  it('are left to a caller who knows them', () => {
    expect(agreedAsServer('600', true)).toEqual({
      interval: { seconds: 600, ours: false },
      headers: ['Session-Expires: 600;refresher=uac', 'Require: timer'],
    })
    expect(agreedAsServer('600;refresher=uas', true)?.interval.ours).toBe(true)
  })

  it('are ours where only a proxy between asked for them', () => {
    expect(agreedAsServer('600;refresher=uac', false)).toEqual({
      interval: { seconds: 600, ours: true },
      headers: ['Session-Expires: 600;refresher=uas'],
    })
  })

  it('are refreshed at half of their time, and over shortly before its end', () => {
    expect(deadlines({ seconds: 1800, ours: true })).toEqual({ refresh: 900_000, over: 1_768_000 })
    expect(deadlines({ seconds: 90, ours: false })).toEqual({ refresh: null, over: 60_000 })
  })
})
