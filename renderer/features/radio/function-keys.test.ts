import { describe, expect, it } from 'vitest'
import { keyOfChannel, keysOf } from './function-keys.ts'

const many = Array.from({ length: 14 }, (_, at) => `channel-${at + 1}`)

describe('the function keys', () => {
  it('go to the channels in their order, as far as there are keys', () => {
    const keys = keysOf(many, {})
    expect(keys.get('F1')).toBe('channel-1')
    expect(keys.get('F12')).toBe('channel-12')
    expect(keyOfChannel(keys, 'channel-13')).toBeUndefined()
  })

  it('go where the officer wants them, and the others to what is left', () => {
    const keys = keysOf(['a', 'b', 'c'], { F1: 'c', F5: 'a' })
    expect([...keys].toSorted()).toEqual([
      ['F1', 'c'],
      ['F2', 'b'],
      ['F5', 'a'],
    ])
  })

  it('forget a choice whose channel is gone', () => {
    expect([...keysOf(['a'], { F1: 'gone' })]).toEqual([['F1', 'a']])
  })

  it('talk on one channel with two keys if both were chosen for it', () => {
    expect([...keysOf(['a'], { F1: 'a', F2: 'a' }).keys()]).toEqual(['F1', 'F2'])
  })
})
