import { describe, expect, it } from 'vitest'
import type { AudioDevice } from '../../contract/settings.ts'
import { inOrder, inUse, newsOf } from './choice.ts'

const standard: AudioDevice = { id: 'default', label: 'Default - Speakers' }
const calls: AudioDevice = { id: 'communications', label: 'Communications - Speakers' }
const speakers: AudioDevice = { id: 'a1', label: 'Speakers' }
const headset: AudioDevice = { id: 'b2', label: 'Headset' }
const all = [standard, calls, speakers, headset]

describe('the device that serves', () => {
  it('is the system’s default as long as nobody chose one', () => {
    expect(inOrder(null, all)).toEqual([standard, speakers, headset])
  })

  it('is the chosen one, by its id', () => {
    expect(inOrder({ ...headset, label: 'as it was called' }, all)[0]).toBe(headset)
  })

  it('is the chosen one, by its label, when the id is another', () => {
    expect(inOrder({ ...headset, id: 'of-last-week' }, all)[0]).toBe(headset)
  })

  it('is not taken for the chosen one because neither has a label', () => {
    const unnamed = { id: 'c3', label: '' }
    expect(inOrder({ id: 'gone', label: '' }, [standard, unnamed])[0]).toBe(standard)
  })

  it('is the system’s default where the chosen one is away, then any other', () => {
    expect(inOrder(headset, [standard, calls, speakers])).toEqual([standard, speakers])
    expect(inOrder(headset, [speakers])).toEqual([speakers])
    expect(inOrder(headset, [])).toEqual([])
  })
})

describe('what the officer is told', () => {
  const withHeadset = inUse(headset, headset, all)
  const without = inUse(headset, standard, [standard, speakers])

  it('is which device stands in for the chosen one', () => {
    expect(withHeadset).toEqual({ label: 'Headset', instead: null })
    expect(without).toEqual({ label: 'Default - Speakers', instead: 'Headset' })
    expect(inUse({ ...headset, id: 'of-last-week' }, headset, all)).toEqual(withHeadset)
    expect(inUse(null, standard, all)).toEqual({ label: 'Default - Speakers', instead: null })
    // It may have been found by another look than the last.
    expect(inUse(headset, { ...headset }, all)).toEqual(withHeadset)
    expect(inUse(headset, undefined, [])).toBeNull()
  })

  it('is that it went, what serves instead, and that it is back', () => {
    const [was, now] = ['Headset', 'Default - Speakers']
    expect(newsOf('headset', withHeadset, without)).toEqual({ role: 'headset', kind: 'instead', was, now })
    expect(newsOf('headset', without, withHeadset)).toMatchObject({ kind: 'back', now: 'Headset' })
    expect(newsOf('microphone', withHeadset, null)).toMatchObject({ kind: 'gone', was: 'Headset' })
    expect(newsOf('microphone', null, withHeadset)).toMatchObject({ kind: 'back', now: 'Headset' })
  })

  it('is that the system’s default has become another', () => {
    const before = inUse(null, { ...standard, label: 'Default - Headset' }, all)
    expect(newsOf('headset', before, inUse(null, standard, all))?.kind).toBe('instead')
  })

  it('is nothing when nothing changed, or before anything was known', () => {
    expect(newsOf('headset', withHeadset, withHeadset)).toBeUndefined()
    expect(newsOf('headset', undefined, without)).toBeUndefined()
    expect(newsOf('microphone', null, null)).toBeUndefined()
    expect(newsOf('headset', { label: '', instead: null }, withHeadset)).toBeUndefined()
  })
})
