import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Talker, TransmissionRecord } from './radio.ts'
import { applyRadioEvent, noRadioFacts, transmissionToRecord } from './radio-journal.ts'
import { mergedTransmission } from './transmissions.ts'

const radio = (id: string | null): Talker => ({ radio: id, unit: null, account: null })
const officer: Talker = { radio: 'WF-1', unit: null, account: 'north-officer' }

const heard = (change: Partial<TransmissionRecord> = {}): TransmissionRecord => ({
  id: 'first',
  channel: 'tac-1',
  direction: 'in',
  talker: radio('3107'),
  emergency: false,
  startedAt: 10_000,
  endedAt: 14_000,
  ...change,
})
const again = (change: Partial<TransmissionRecord> = {}) => heard({ id: 'second', ...change })

describe('two seats tell of the same transmission', () => {
  it('where their times overlap and the talker is the same, give or take a moment', () => {
    const known = heard()
    expect(mergedTransmission(known, again({ startedAt: 10_200, endedAt: 14_300 }))).toBe(known)
  })

  it('and it is as long as the one heard it who heard more', () => {
    expect(mergedTransmission(heard({ startedAt: 12_000 }), again({ endedAt: 15_000 }))).toEqual(
      heard({ endedAt: 15_000 }),
    )
  })

  it('unless it is on another channel, at another time, or by another talker', () => {
    for (const other of [
      again({ channel: 'tac-2' }),
      again({ startedAt: 14_001, endedAt: 15_000 }),
      again({ talker: radio('3108') }),
      again({ talker: officer }),
    ])
      expect(mergedTransmission(heard(), other)).toBeUndefined()
  })

  it('and whoever knows the talker knows better', () => {
    const unknown = heard({ talker: radio(null) })
    expect(mergedTransmission(unknown, again())).toEqual(heard())
    const known = heard()
    expect(mergedTransmission(known, again({ talker: radio(null) }))).toBe(known)
  })

  it('and the seat that made it knows that it did, and that it was an emergency', () => {
    const known = heard({ talker: officer })
    const own = again({ talker: officer, direction: 'out', emergency: true })
    expect(mergedTransmission(known, own)).toEqual({ ...own, id: 'first' })
    expect(mergedTransmission({ ...own, id: 'first' }, { ...known, id: 'third' })).toEqual({
      ...own,
      id: 'first',
    })
  })

  it('and telling it twice never tells more than once', () => {
    const anyTime = fc.tuple(fc.nat(5000), fc.nat(5000)).map(([startedAt, ms]) => ({
      startedAt,
      endedAt: startedAt + ms,
    }))
    const anyTold = fc
      .tuple(anyTime, fc.constantFrom(null, '1', '2'), fc.boolean())
      .map(([time, id, emergency]) => again({ ...time, talker: radio(id), emergency }))
    fc.assert(
      fc.property(fc.array(anyTold, { maxLength: 6 }), (told) => {
        const facts = structuredClone(noRadioFacts)
        told.forEach((each, at) => {
          const record = transmissionToRecord(facts, { ...each, id: `told-${at}` })
          if (record !== undefined) applyRadioEvent(facts, { kind: 'transmission.recorded', data: record })
        })
        for (const each of told) {
          const more = transmissionToRecord(facts, { ...each, id: 'again' })
          expect(more?.id).not.toBe('again')
        }
        const known = facts.lately['tac-1'] ?? []
        expect(new Set(known.map(({ id }) => id)).size).toBe(known.length)
      }),
    )
  })
})
