/** A channel as the engine tells the page of it: up, quiet, and nobody talks. */
import type { SeatChannel } from '../../contract/seat-radio.ts'

export const seatChannel = (change: Partial<SeatChannel> = {}): SeatChannel => ({
  id: 'north',
  link: { state: 'up', since: 0, why: null },
  reception: { squelch: 'closed' },
  transmission: { state: 'idle' },
  floor: 'hub',
  taken: null,
  patched: [],
  heard: true,
  lastHeard: null,
  acts: [],
  ...change,
})
