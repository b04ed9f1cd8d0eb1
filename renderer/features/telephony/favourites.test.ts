import { describe, expect, it } from 'vitest'
import { type Favourite, MOST_FAVOURITES } from '../../../contract/favourites.ts'
import { moved, toggled } from './favourites.ts'

const numbered = (number: string): Favourite => ({ number, name: null })
const list = ['1', '2', '3'].map(numbered)
const numbersOf = (favourites: readonly Favourite[]) =>
  favourites.map((one) => ('number' in one ? one.number : one.unit)).join('')

describe('favourites', () => {
  it('are added at the end, and taken out by whatever name they have', () => {
    expect(numbersOf(toggled(list, { unit: '2' }))).toBe('1232')
    expect(numbersOf(toggled(list, { number: '2', name: 'Two' }))).toBe('13')
  })

  it('are no more than there is room for', () => {
    const full = Array.from({ length: MOST_FAVOURITES }, (_, at) => numbered(`${at}`))
    expect(toggled(full, numbered('one-more'))).toBe(full)
    expect(toggled(full, numbered('7'))).toHaveLength(MOST_FAVOURITES - 1)
  })

  it('are moved up and down, and stay at the ends', () => {
    expect(numbersOf(moved(list, 2, -1))).toBe('132')
    expect(numbersOf(moved(list, 0, 1))).toBe('213')
    expect(numbersOf(moved(list, 0, -1))).toBe('123')
    expect(numbersOf(moved(list, 2, 1))).toBe('123')
    expect(moved(list, 5, 1)).toBe(list)
  })
})
