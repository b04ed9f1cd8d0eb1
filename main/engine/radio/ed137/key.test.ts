import { describe, expect, it } from 'vitest'
import { answered, type KeyState, type KeyStep, keyUp, pressed, typeOfKey } from './key.ts'

const OWN = 2
const nobody = { ptt: 'off', pttId: 0, pttSummation: false } as const
const us = { ptt: 'normal', pttId: OWN, pttSummation: false } as const
const another = { ptt: 'normal', pttId: 5, pttSummation: false } as const
const asking: KeyState = { state: 'asking', since: 1_000 }
const talking: KeyState = { state: 'talking', lostAt: null }

/** The same said every 100 ms for so long; what came of it, and when. */
function saidFor(ms: number, from: KeyState, header: typeof nobody | typeof us | typeof another) {
  let step: KeyStep = { next: from }
  for (let at = 1_000; at <= 1_000 + ms; at += 100) {
    step = answered(step.next, header, OWN, at)
    if (step.news !== undefined) return { news: step.news, after: at - 1_000 }
  }
  return step.next
}

describe('a key at a gateway', () => {
  it('asks when it is pressed, and talks as soon as the gateway says that it is this session’s', () => {
    const step = pressed(OWN, 1_000)
    expect(step).toEqual({ next: asking })
    expect(answered(step.next, us, OWN, 1_020)).toEqual({ next: talking, news: 'keyed' })
  })

  it('talks at once where the gateway numbered no session, and nothing it says changes that', () => {
    const step = pressed(undefined, 1_000)
    expect(step).toEqual({ next: talking, news: 'keyed' })
    expect(answered(step.next, another, undefined, 9_000)).toEqual({ next: talking })
  })

  it('is this session’s where the gateway keys and names nobody', () => {
    expect(answered(asking, { ...us, pttId: 0 }, OWN, 1_020).news).toBe('keyed')
  })

  it('is sent with another’s where the gateway sums them', () => {
    expect(answered(asking, { ...another, pttSummation: true }, OWN, 1_300).news).toBe('keyed')
  })

  it('is busy if another’s is sent, but not by what was on its way when it was pressed', () => {
    expect(answered(asking, another, OWN, 1_010)).toEqual({ next: asking })
    expect(saidFor(2_000, asking, another)).toEqual({ news: 'busy', after: 200 })
  })

  it('is denied if nothing comes of it for a second', () => {
    expect(saidFor(1_000, asking, nobody)).toEqual(asking)
    expect(saidFor(2_000, asking, nobody)).toEqual({ news: 'denied', after: 1_100 })
  })

  it('is taken back by what lasts, not by one packet', () => {
    expect(saidFor(200, talking, nobody)).toEqual({ state: 'talking', lostAt: 1_000 })
    expect(saidFor(400, talking, nobody)).toEqual({ news: 'time-out', after: 300 })
    expect(saidFor(400, talking, another)).toEqual({ news: 'busy', after: 300 })
    expect(answered({ state: 'talking', lostAt: 1_000 }, us, OWN, 1_200)).toEqual({ next: talking })
  })

  it('that is up stays up, whatever the gateway says', () => {
    expect([us, another, nobody].map((header) => answered(keyUp, header, OWN, 1_000))).toEqual([
      { next: keyUp },
      { next: keyUp },
      { next: keyUp },
    ])
  })

  it('goes out from the moment that it is pressed, with the type of its urgency', () => {
    expect([keyUp, asking, talking].map((key) => typeOfKey(key, false))).toEqual(['off', 'normal', 'normal'])
    expect([keyUp, asking, talking].map((key) => typeOfKey(key, true))).toEqual([
      'off',
      'emergency',
      'emergency',
    ])
  })
})
