/** What the talk bar says of all channels that the officer talks on, or would talk on. Pure. */
import type { Id } from '../../../contract/primitives.ts'
import type { SeatChannel } from '../../../contract/seat-radio.ts'
import { type CardLine, lineOf } from './card-line.ts'
import { type Held, isKeyed } from './keying.ts'

export interface Spoken {
  readonly channels: readonly Id[]
  /** Undefined: nothing is sent, nor asked for. */
  readonly line: CardLine | undefined
  /** On how many of them the officer is on the air. */
  readonly onAir: number
}

/** What of several is said: first that the officer is on the air at all, then what is wrong. */
const order: readonly CardLine['kind'][] = ['talking', 'stopped', 'queued', 'asking']

export function spokenLine(seats: readonly SeatChannel[], held: Held, selected: readonly Id[]): Spoken {
  const sending = seats.flatMap((seat) => {
    const line = lineOf(seat, { monitored: true, keyed: isKeyed(held, seat.id) })
    return order.includes(line.kind) ? [{ id: seat.id, line }] : []
  })
  if (sending.length === 0) return { channels: selected, line: undefined, onAir: 0 }
  const [first] = sending.toSorted((a, b) => order.indexOf(a.line.kind) - order.indexOf(b.line.kind))
  return {
    channels: sending.map(({ id }) => id),
    line: first?.line,
    onAir: sending.filter(({ line }) => line.kind === 'talking').length,
  }
}
