import { describe, expect, it } from 'vitest'
import type { Command } from '../../../contract/commands.ts'
import { emptyState } from '../../../contract/state.ts'
import type { Call } from '../../../contract/telephony.ts'
import { Ties } from './ties.ts'

const call = (id: string, change: Partial<Call> = {}) =>
  ({ id, direction: 'out', answeredAt: null, ...change }) as Call
const record = (id: string) => ({ kind: 'call.record', call: { id } }) as Command
const incidentOf = (ties: Ties, id: string) => {
  const command = ties.tied(record(id))
  return command.kind === 'call.record' ? command.call.incident : undefined
}

describe('a call', () => {
  it('belongs to the incident that was selected when it began, whatever is selected later', () => {
    const ties = new Ties()
    ties.look({ calls: [call('before')], groups: [] })
    ties.select('i1')
    ties.look({ calls: [call('before'), call('during')], groups: [] })
    ties.select('i2')
    ties.look({ calls: [call('before'), call('during')], groups: [] })
    expect([incidentOf(ties, 'before'), incidentOf(ties, 'during')]).toEqual([undefined, 'i1'])
  })

  it('that comes in belongs to the one that is selected when it is answered', () => {
    const ties = new Ties()
    ties.select('i1')
    ties.look({ calls: [call('in', { direction: 'in' })], groups: [] })
    ties.select('i2')
    ties.look({ calls: [call('in', { direction: 'in', answeredAt: 5 })], groups: [] })
    expect(incidentOf(ties, 'in')).toBe('i2')
  })

  it('that nobody answered belongs to none', () => {
    const ties = new Ties()
    ties.select('i1')
    ties.look({ calls: [call('in', { direction: 'in' })], groups: [] })
    expect(incidentOf(ties, 'in')).toBeUndefined()
  })
})

describe('what an officer says on the radio', () => {
  const said = (direction: 'in' | 'out') =>
    ({ kind: 'transmission.record', transmission: { direction } }) as Command
  it('belongs to the selected incident, and what others say there does not', () => {
    const ties = new Ties()
    expect(ties.tied(said('out'))).toEqual(said('out'))
    ties.select('i1')
    expect(ties.tied(said('out'))).toMatchObject({ transmission: { incidents: ['i1'] } })
    expect(ties.tied(said('in'))).toEqual(said('in'))
  })
})

describe('what an officer writes', () => {
  const written = (thread: object) => ({ kind: 'message.send', thread, text: '收到' }) as Command
  it('to a unit belongs to the selected incident; what is in a thread of an incident belongs there', () => {
    const ties = new Ties()
    const toUnit = written({ kind: 'unit', unit: 'north-patrol' })
    const ofIncident = written({ kind: 'incident', incident: 'i2' })
    expect(ties.tied(toUnit)).toEqual(toUnit)
    ties.select('i1')
    expect(ties.tied(toUnit)).toEqual({ ...toUnit, incident: 'i1' })
    expect(ties.tied(ofIncident)).toEqual(ofIncident)
  })
})

describe('the selected incident', () => {
  it('is none as soon as this seat does not see it any more', () => {
    const ties = new Ties()
    ties.select('i1')
    ties.follow(emptyState)
    expect(ties.selected.value).toBeNull()
  })
})
