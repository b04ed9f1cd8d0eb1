import { describe, expect, it } from 'vitest'
import { freshRadio } from '../../../contract/radio-settings.ts'
import { selectedAfter, takenUp, unheard } from './own-radio.ts'

describe('the selected channels', () => {
  it('are one, unless another is taken besides: nobody talks on two by mistake', () => {
    expect(selectedAfter(['north'], 'south', false)).toEqual(['south'])
    expect(selectedAfter(['north'], 'south', true)).toEqual(['north', 'south'])
    expect(selectedAfter(['north', 'south'], 'south', false)).toEqual(['south'])
  })

  it('are taken back by the same act', () => {
    expect(selectedAfter(['north'], 'north', false)).toEqual([])
    expect(selectedAfter(['north', 'south'], 'south', true)).toEqual(['north'])
  })

  it('are none that is not listened to', () => {
    const own = { ...freshRadio, selected: ['north', 'south'] }
    expect(unheard(own, 'south')).toEqual({ unmonitored: ['south'], selected: ['north'] })
  })

  it('are those of a group that is taken up, and they are listened to again', () => {
    const own = { ...freshRadio, unmonitored: ['east', 'west'], selected: ['north'] }
    expect(takenUp(own, { name: 'Night', channels: ['east', 'south'] })).toEqual({
      unmonitored: ['west'],
      selected: ['east', 'south'],
    })
  })
})
