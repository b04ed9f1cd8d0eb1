import { describe, expect, it } from 'vitest'
import type { Transmission } from '../../../contract/seat-radio.ts'
import { seatChannel } from '../../../tests/support/seat-channel.ts'
import { nothingHeld } from './keying.ts'
import { spokenLine } from './spoken.ts'

const channel = (id: string, transmission: Transmission) => seatChannel({ id, transmission })
const talking: Transmission = { state: 'talking', since: 0, until: 60_000, ending: false, emergency: false }
const idle: Transmission = { state: 'idle' }

describe('the talk bar', () => {
  it('names the selected channels while nobody talks', () => {
    const spoken = spokenLine([channel('north', idle)], nothingHeld, ['north'])
    expect(spoken).toEqual({ channels: ['north'], line: undefined, onAir: 0 })
  })

  it('names those that are talked on, selected or not', () => {
    const seats = [channel('north', idle), channel('south', talking)]
    const { channels, line } = spokenLine(seats, nothingHeld, ['north'])
    expect([channels, line?.kind]).toEqual([['south'], 'talking'])
  })

  it('says of several that the officer is on the air, and on how many', () => {
    const busy: Transmission = { state: 'refused', at: 900, why: 'busy' }
    const seats = [channel('north', busy), channel('south', talking)]
    const { channels, line, onAir } = spokenLine(seats, nothingHeld, [])
    expect([channels, line?.kind, onAir]).toEqual([['north', 'south'], 'talking', 1])
  })

  it('says what is wrong before it says that another is asked still', () => {
    const busy: Transmission = { state: 'refused', at: 900, why: 'busy' }
    const seats = [channel('north', { state: 'asking', since: 950 }), channel('south', busy)]
    expect(spokenLine(seats, nothingHeld, []).line?.kind).toBe('stopped')
  })

  it('asks as soon as a key is down', () => {
    const press = { channels: ['north'], emergency: false, mode: 'hold', at: 1 } as const
    expect(spokenLine([channel('north', idle)], { Space: press }, []).line?.kind).toBe('asking')
  })
})
