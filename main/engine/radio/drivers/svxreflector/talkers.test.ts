import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DriverReport } from '../driver.ts'
import { Talkers } from './talkers.ts'

function openTalkers() {
  const reports: DriverReport[] = []
  let due: (() => void) | undefined
  const talkers = new Talkers({
    onReport: (report) => reports.push(report),
    after: (_ms, then) => {
      due = then
      return () => {
        due = undefined
      }
    },
  })
  return {
    talkers,
    /** What was reported since the last time. */
    told: () => reports.splice(0),
    /** Time passes with nothing said. */
    wait: () => due?.(),
    begins: (callsign: string | null) => talkers.turn({ kind: 'begins', callsign }),
    over: (callsign: string | null) => talkers.turn({ kind: 'over', callsign }),
  }
}

const opened = (radio: string | null): DriverReport => ({ kind: 'squelch-open', radio, emergency: false })
const closed: DriverReport = { kind: 'squelch-closed' }
const keyed: DriverReport = { kind: 'keyed' }
const unkeyed = (why: 'busy' | 'denied' | 'lost' | 'time-out'): DriverReport => ({ kind: 'unkeyed', why })

describe('another who talks', () => {
  it('is heard from the first word to the last, by name', () => {
    const { talkers, told, begins, over } = openTalkers()
    begins('A')
    talkers.voice()
    over('A')
    expect(told()).toEqual([opened('A'), closed])
  })

  it('is named later where the voice is faster', () => {
    const { talkers, told, begins } = openTalkers()
    talkers.voice()
    begins('A')
    expect(told()).toEqual([opened(null), { kind: 'heard', radio: 'A' }])
  })

  it('is not heard again because of what comes after the end', () => {
    const { talkers, told, begins, over } = openTalkers()
    begins('A')
    over('A')
    told()
    talkers.voice()
    talkers.voiceEnded()
    expect(told()).toEqual([])
    talkers.voice()
    expect(told()).toEqual([opened(null)])
  })

  it('whom nobody has named is over when the voice is', () => {
    const { talkers, told } = openTalkers()
    talkers.voice()
    talkers.voiceEnded()
    expect(told()).toEqual([opened(null), closed])
  })

  it('may follow without a pause', () => {
    const { told, begins } = openTalkers()
    begins('A')
    begins('B')
    expect(told()).toEqual([opened('A'), closed, opened('B')])
  })
})

describe('the key', () => {
  it('is heard when the reflector says that it is our turn', () => {
    const { talkers, told, begins, over } = openTalkers()
    expect(talkers.key()).toBe(true)
    expect(told()).toEqual([])
    begins(null)
    expect(told()).toEqual([keyed])
    talkers.unkey()
    over(null)
    expect(told()).toEqual([])
  })

  it('is refused while another talks, and when another was first', () => {
    const { talkers, told, begins, over } = openTalkers()
    begins('A')
    expect(talkers.key()).toBe(false)
    expect(told()).toEqual([opened('A'), unkeyed('busy')])
    over('A')
    told()
    talkers.key()
    begins('B')
    expect(told()).toEqual([unkeyed('busy'), opened('B')])
    expect(talkers.isKeyed).toBe(false)
  })

  it('is denied when the reflector does not answer, and lost with it', () => {
    const { talkers, told, wait } = openTalkers()
    talkers.key()
    wait()
    expect(told()).toEqual([unkeyed('denied')])
    talkers.key()
    talkers.lost()
    expect(told()).toEqual([unkeyed('lost')])
  })

  it('is cut when the reflector takes our turn', () => {
    const { talkers, told, begins, over, wait } = openTalkers()
    talkers.key()
    begins(null)
    over(null)
    expect(told()).toEqual([keyed])
    wait()
    expect(told()).toEqual([unkeyed('time-out')])
  })

  it('is not cut by the end of the turn before, told late', () => {
    const { talkers, told, begins, over, wait } = openTalkers()
    talkers.key()
    talkers.unkey()
    talkers.key()
    begins(null)
    over(null)
    begins(null)
    wait()
    expect(told()).toEqual([keyed])
    expect(talkers.isKeyed).toBe(true)
  })
})

it('whatever happens, nobody is heard twice, and nobody is heard while we talk', () => {
  const names = fc.constantFrom('A', 'B', null)
  const event = fc.oneof(
    fc.record({ kind: fc.constantFrom('begins' as const, 'over' as const), callsign: names }),
    fc.constantFrom('voice' as const, 'voiceEnded' as const, 'key' as const, 'unkey' as const),
    fc.constantFrom('lost' as const, 'wait' as const),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      const { talkers, told, wait } = openTalkers()
      let [open, talking] = [false, false]
      for (const happens of events) {
        if (typeof happens === 'object') talkers.turn(happens)
        else if (happens === 'wait') wait()
        else talkers[happens]()
        if (happens === 'unkey') talking = false
        for (const report of told()) {
          if (report.kind === 'squelch-open') expect(open).toBe(false)
          if (report.kind === 'squelch-closed') expect(open).toBe(true)
          if (report.kind === 'keyed') expect([open, talking]).toEqual([false, false])
          open = report.kind === 'squelch-open' || (open && report.kind !== 'squelch-closed')
          talking = report.kind === 'keyed' || (talking && report.kind !== 'unkeyed')
        }
        expect(talking && !talkers.isKeyed).toBe(false)
      }
    }),
    { numRuns: 2_000 },
  )
})
