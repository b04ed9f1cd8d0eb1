/** A channel driver of the engine's for a test: what it reports, what is heard of it, and a voice to put on the air. */

import { decode, encode, FRAME_SAMPLES } from '../../main/engine/media/g711.ts'
import { everyFrame } from '../../main/engine/media/ticker.ts'
import type { ChannelDriver, DriverOptions, DriverReport } from '../../main/engine/radio/drivers/driver.ts'
import type { AtEnd } from './at-end.ts'
import { sine } from './tone.ts'

export interface TestDriver {
  readonly driver: ChannelDriver
  /** The oldest first. */
  readonly reports: readonly DriverReport[]
  /** The kinds of them, `unkeyed` and `down` with their reason. */
  readonly told: () => readonly string[]
  /** Of all that was heard, the last second at most. */
  readonly heard: () => Int16Array
  readonly troubles: readonly unknown[]
  /** Packets of 20 ms that were said into the channel. */
  readonly spoken: () => number
  /** Says a tone into the channel until it is told to stop. */
  speak(frequency: number): () => void
}

export function openTestDriver(
  atEnd: AtEnd,
  open: (options: DriverOptions) => ChannelDriver,
  name = 'duty-1',
): TestDriver {
  const reports: DriverReport[] = []
  const troubles: unknown[] = []
  let heard: number[] = []
  let spoken = 0
  const driver = open({
    name,
    callsign: null,
    password: null,
    ownSources: new Set(),
    clock: Date.now,
    onReport: (report) => reports.push(report),
    onTrouble: (_what, error) => troubles.push(error),
  })
  driver.leg.onVoice(({ codec, payload }) => {
    if (codec !== 'PCMU' && codec !== 'PCMA') throw new Error(`a radio that speaks ${codec}`)
    heard = [...heard, ...decode(codec, payload)].slice(-8_000)
  })
  atEnd(() => driver.close())
  return {
    driver,
    reports,
    troubles,
    told: () => reports.map((report) => ('why' in report ? `${report.kind}: ${report.why}` : report.kind)),
    heard: () => Int16Array.from(heard),
    spoken: () => spoken,
    speak: (frequency) => {
      const stop = everyFrame((frame) => {
        spoken++
        driver.leg.send({
          codec: 'PCMU',
          marker: frame === 0,
          sequence: frame & 0xffff,
          timestamp: frame * FRAME_SAMPLES,
          ssrc: 7,
          payload: encode('PCMU', sine(frequency, FRAME_SAMPLES, frame * FRAME_SAMPLES)),
        })
      })
      atEnd(stop)
      return stop
    },
  }
}
