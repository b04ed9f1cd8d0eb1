import { describe, expect, it } from 'vitest'
import { freshRadio } from '../../contract/radio-settings.ts'
import { hearingOf } from './hearing.ts'

const own = { ...freshRadio, selected: ['north'], muted: ['east'], volumes: { west: 0.5 } }
const quiet = (leg: string) => hearingOf(leg, own, false)
const speaking = (leg: string) => hearingOf(leg, own, true)

describe('what an officer hears', () => {
  it('of a call is in the headset, whatever else goes on', () => {
    const call = 'f0b4a1c2-0000-4000-8000-000000000000'
    expect(quiet(call)).toEqual({ where: 'conversation', gain: 1 })
    expect(speaking(call)).toEqual(quiet(call))
  })

  it('of a selected channel is in the headset', () => {
    expect(quiet('channel/north')).toEqual({ where: 'conversation', gain: 1 })
  })

  it('of other channels comes from the loudspeaker', () => {
    expect(quiet('channel/south')).toEqual({ where: 'aside', gain: 1 })
  })

  it('of other channels is quieter, never silent, while the officer speaks', () => {
    expect(speaking('channel/south')).toEqual({ where: 'aside', gain: 0.25 })
    expect(speaking('channel/north').gain).toBe(1)
  })

  it('is as loud as each channel was set, and nothing of a muted one', () => {
    expect(quiet('channel/west').gain).toBe(0.25)
    expect(quiet('channel/east').gain).toBe(0)
  })
})
