import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Reporter, readReport, reporterOf, unitTopic } from './positions.ts'

const own: Reporter = { kind: 'unit', agency: 'police', unit: 'patrol-1' }
const phone: Reporter = { kind: 'phone', topic: 'owntracks/crew/phone' }
const AT = 1_700_000_000_000

describe('a topic', () => {
  it('tells whose position it carries', () => {
    expect(reporterOf(unitTopic('police', 'patrol-1'))).toEqual(own)
    expect(reporterOf('owntracks/crew/phone')).toEqual(phone)
  })

  it('that is none of ours tells nothing', () => {
    for (const topic of [
      '',
      'wf/v1/police/patrol-1',
      'wf/v1/police/patrol-1/position/more',
      'wf/v2/police/patrol-1/position',
      'wf/v1/Police/patrol-1/position',
      'wf/v1//patrol-1/position',
      'wf/v1/police/constructor/position',
      'owntracks/crew',
      'owntracks/crew/phone/event',
      'homeassistant/crew/phone',
    ])
      expect(reporterOf(topic), topic).toBeUndefined()
  })
})

describe('a report in our own words', () => {
  it('is read with its units', () => {
    const report = { t: AT, lat: 32.05, lon: 118.78, speed: 12.5, heading: 360, accuracy: 5, battery: 80 }
    expect(readReport(own, JSON.stringify(report))).toEqual({
      kind: 'fix',
      fix: { at: AT, lat: 32.05, lon: 118.78, speed: 12.5, heading: 0, accuracy: 5, battery: 80 },
    })
  })

  it('needs a time and a place, and no more', () => {
    expect(readReport(own, JSON.stringify({ t: AT, lat: -90, lon: 180 }))).toMatchObject({ kind: 'fix' })
    expect(readReport(own, JSON.stringify({ t: AT, lat: 32 }))).toMatchObject({ kind: 'malformed' })
  })

  it('in seconds, off the globe, or too fast to be true is malformed, and says what is wrong', () => {
    const good = { t: AT, lat: 32, lon: 118 }
    for (const [bad, word] of [
      [{ t: AT / 1000 }, 'milliseconds'],
      [{ t: 'now' }, 't:'],
      [{ lat: 90.1 }, 'lat'],
      [{ lon: -180.1 }, 'lon'],
      [{ speed: -1 }, 'speed'],
      [{ speed: 651 }, 'speed'],
      [{ heading: 361 }, 'heading'],
    ] as const)
      expect(readReport(own, JSON.stringify({ ...good, ...bad }))).toEqual({
        kind: 'malformed',
        why: expect.stringContaining(word),
      })
  })
})

describe('a report from OwnTracks', () => {
  it('is read in its units: seconds and kilometres an hour', () => {
    const message = {
      _type: 'location',
      tst: 1_700_000_000,
      lat: 32.05,
      lon: 118.78,
      vel: 36,
      cog: 90,
      acc: 12,
      batt: 55,
    }
    expect(readReport(phone, JSON.stringify({ ...message, tid: 'ab', conn: 'w' }))).toEqual({
      kind: 'fix',
      fix: { at: AT, lat: 32.05, lon: 118.78, speed: 10, heading: 90, accuracy: 12, battery: 55 },
    })
  })

  it('that is not about a place is left alone', () => {
    for (const _type of ['lwt', 'transition', 'waypoint', 'status'])
      expect(readReport(phone, JSON.stringify({ _type }))).toEqual({ kind: 'other' })
  })

  it('that is encrypted tells the operator what to do', () => {
    expect(readReport(phone, JSON.stringify({ _type: 'encrypted', data: 'x' }))).toEqual({
      kind: 'malformed',
      why: expect.stringContaining('encryption'),
    })
  })
})

describe('whatever else a device sends', () => {
  it('is malformed and does no harm', () => {
    for (const payload of ['', 'null', '[]', '"x"', '{', '42', '{"__proto__":{"t":1}}', 'x'.repeat(5000)])
      for (const reporter of [own, phone])
        expect(readReport(reporter, payload), payload.slice(0, 20)).toMatchObject({ kind: 'malformed' })
  })

  it('is a fix on the globe at a time, or no fix', () => {
    const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.constant(AT))
    const anyMessage = fc.record(
      {
        _type: fc.constantFrom('location', 'lwt', 1),
        t: anyNumber,
        tst: anyNumber,
        lat: anyNumber,
        lon: anyNumber,
        vel: anyNumber,
        speed: anyNumber,
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(anyMessage, fc.jsonValue()), fc.constantFrom(own, phone), (message, reporter) => {
        const reading = readReport(reporter, JSON.stringify(message))
        if (reading.kind !== 'fix') return
        expect(Number.isInteger(reading.fix.at)).toBe(true)
        expect(Math.abs(reading.fix.lat)).toBeLessThanOrEqual(90)
        expect(Math.abs(reading.fix.lon)).toBeLessThanOrEqual(180)
      }),
    )
  })
})
