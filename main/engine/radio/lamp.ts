/** What the status lamp says of the radio. Pure. */
import type { Lamp } from '../../../contract/engine.ts'
import type { SeatChannel } from '../../../contract/seat-radio.ts'

/** Up if every channel that is monitored is connected, down if one is not; undefined where none is monitored. */
export function radioLamp(channels: readonly Pick<SeatChannel, 'link'>[]): Lamp | undefined {
  if (channels.length === 0) return undefined
  const missing = channels.filter(({ link }) => link.state !== 'up')
  const since =
    missing.length === 0
      ? Math.max(...channels.map(({ link }) => link.since))
      : Math.min(...missing.map(({ link }) => link.since))
  return { name: 'radio', state: missing.length === 0 ? 'up' : 'down', since, heardAt: null }
}
