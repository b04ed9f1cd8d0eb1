import { describe, expect, it } from 'vitest'
import { replacesOf } from './referred.ts'

describe('a Replaces', () => {
  it('names a dialogue by its Call-ID and tags, in whichever order', () => {
    expect(replacesOf('a@b;to-tag=1;from-tag=2')).toEqual(['a@b', '1', '2'])
    expect(replacesOf(' a@b ; early-only; from-tag = 2 ;to-tag=1')).toEqual(['a@b', '1', '2'])
  })

  it.each(['', 'a@b', 'a@b;to-tag=1'])('that names none, as %s, is nothing', (header) => {
    expect(replacesOf(header)).toBeUndefined()
  })
})
