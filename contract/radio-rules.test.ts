import { describe, expect, it } from 'vitest'
import type { Grant, Scope } from './permissions.ts'
import { channelSchema } from './radio.ts'
import { mayOnChannel } from './radio-rules.ts'

const NOW = 1000
const name = { zh: '名', en: 'name' }
const areas = {
  city: { id: 'city', name, level: 'city' as const, parent: null },
  north: { id: 'north', name, level: 'district' as const, parent: 'city' },
}
const channel = (where: { area?: string; agency?: string }) =>
  channelSchema.parse({
    id: 'tac-1',
    name,
    ...where,
    access: { kind: 'rtp', address: '239.255.0.1', port: 5004 },
  })
const over = (scope: Scope, until: number | null = null): Grant[] => [
  { id: 'g', subject: { kind: 'account', account: 'a' }, capabilities: ['key-radio'], scope, until },
]
const may = (grants: Grant[], where: { area?: string; agency?: string } = {}) =>
  mayOnChannel(grants, 'key-radio', { areas }, channel(where), NOW)

describe('a channel may be keyed', () => {
  it('by whoever is granted its area, what is above it, or its agency', () => {
    for (const area of ['north', 'city'])
      expect(may(over({ kind: 'area', area }), { area: 'north' })).toBe(true)
    expect(may(over({ kind: 'area', area: 'north' }), { area: 'city' })).toBe(false)
    expect(may(over({ kind: 'agency', agency: 'fire' }), { agency: 'fire' })).toBe(true)
    expect(may(over({ kind: 'agency', agency: 'fire' }), { agency: 'police' })).toBe(false)
  })

  it('by everybody who is granted any part of the centre, if it has neither area nor agency', () => {
    for (const scope of [{ kind: 'area', area: 'north' }, { kind: 'centre' }] satisfies Scope[])
      expect(may(over(scope))).toBe(true)
    expect(may(over({ kind: 'incident', incident: 'i1' }))).toBe(false)
    expect(may(over({ kind: 'centre' }, NOW))).toBe(false)
    expect(mayOnChannel(over({ kind: 'centre' }), 'patch', { areas }, channel({}), NOW)).toBe(false)
  })
})
