/** The one frequency behind a gateway: of all who key, who transmits. Pure. */
import type { Ptt } from './status.ts'

export interface Key {
  readonly pttId: number
  readonly ptt: Ptt
  /** The order in which keys went down. */
  readonly place: number
}

const PRIORITY = 3

/** From this on a key takes the frequency from lesser ones: priority, and above it emergency. */
const weight = ({ ptt }: Key): number => (ptt === PRIORITY || ptt === PRIORITY + 1 ? ptt : 0)

/** Who is first among those of the most weight; undefined if nobody keys. */
export const transmitting = (keys: readonly Key[]): Key | undefined =>
  [...keys].sort((one, other) => weight(other) - weight(one) || one.place - other.place)[0]
