import { describe, expect, it } from 'vitest'
import { freshRadio } from '../../../contract/radio-settings.ts'
import { defaultSettings } from '../../../contract/settings.ts'
import { changeAnswered, changeWanted, settings, settingsChanged } from './slice.ts'

const { reducer } = settings
const told = reducer(undefined, settingsChanged(defaultSettings))
const wants = (id: string, selected: string[]) =>
  changeWanted({
    id,
    change: { radio: { officer: { ...freshRadio, selected } } },
  })
const selectedIn = (state: ReturnType<typeof reducer>) => state.seat.radio.officer?.selected

describe('a setting that is changed', () => {
  it('holds at once, and what main says of the one before does not take it back', () => {
    const both = reducer(reducer(told, wants('one', ['a'])), wants('two', ['a', 'b']))
    expect(selectedIn(both)).toEqual(['a', 'b'])
    const afterOne = reducer(both, settingsChanged({ ...defaultSettings, ...both.seat, radio: {} }))
    expect(selectedIn(reducer(afterOne, changeAnswered('one')))).toEqual(['a', 'b'])
  })

  it('holds beside those that are on their way, too', () => {
    const other = changeWanted({ id: 'two', change: { zoom: 1.3 } })
    const both = reducer(reducer(told, wants('one', ['a'])), other)
    expect([selectedIn(both), both.seat.zoom]).toEqual([['a'], 1.3])
  })

  it('leaves all else the same objects, also when main has told of it', () => {
    const again = reducer(told, settingsChanged(structuredClone({ ...defaultSettings, zoom: 1.2 })))
    expect(again.seat.zoom).toBe(1.2)
    expect(again.seat.hiddenLayers).toBe(told.seat.hiddenLayers)
  })

  it('is as main says once it has answered', () => {
    const changed = reducer(reducer(told, wants('one', ['a'])), settingsChanged(defaultSettings))
    expect(selectedIn(reducer(changed, changeAnswered('one')))).toBeUndefined()
  })
})
