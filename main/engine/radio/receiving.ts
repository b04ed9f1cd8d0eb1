/** What is heard on a channel, put together from what its driver and the hub's floor tell. Pure. */
import type { Id, Instant } from '../../../contract/primitives.ts'
import type { Talker } from '../../../contract/radio.ts'
import type { Reception } from '../../../contract/seat-radio.ts'
import type { DriverReport } from './drivers/driver.ts'

export const notReceiving: Reception = { squelch: 'closed' }

/** Who has the floor as the hub says, if it is another seat. */
export interface FloorTaken {
  readonly by: Talker
  readonly emergency: boolean
}

export interface ReceivingFacts {
  readonly now: Instant
  readonly taken: FloorTaken | null
  unitOf(radio: string): Id | null
}

type ReceptionReport = Extract<DriverReport, { kind: 'squelch-open' | 'heard' | 'squelch-closed' }>

export function stepReceiving(current: Reception, report: ReceptionReport, facts: ReceivingFacts): Reception {
  switch (report.kind) {
    case 'squelch-open':
      return {
        squelch: 'open',
        since: facts.now,
        talker: talkerOf(report.radio, facts),
        emergency: report.emergency || (facts.taken?.emergency ?? false),
        signal: null,
      }
    case 'heard': {
      if (current.squelch === 'closed') return current
      const { radio, emergency, signal } = report
      return {
        ...current,
        talker: radio === undefined ? current.talker : talkerOf(radio, facts),
        emergency: current.emergency || emergency === true,
        signal: signal ?? current.signal,
      }
    }
    case 'squelch-closed':
      return notReceiving
  }
}

/** The hub says who talks, while somebody is heard. */
export const talkerTold = (current: Reception, facts: ReceivingFacts): Reception =>
  current.squelch === 'closed'
    ? current
    : {
        ...current,
        talker: talkerOf(current.talker.radio, facts),
        emergency: current.emergency || (facts.taken?.emergency ?? false),
      }

/**
 * A seat that has the floor is who is heard, unless a radio gives its id: then it talks without the floor, as radios
 * do. A seat gives its account.
 */
function talkerOf(radio: string | null, { taken, unitOf }: ReceivingFacts): Talker {
  const unit = radio === null ? null : unitOf(radio)
  const seat = taken?.by.account ?? null
  const isSeat = seat !== null && unit === null && (radio === null || radio === seat)
  return { radio, unit, account: isSeat ? seat : null }
}
