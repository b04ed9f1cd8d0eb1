/** Where each voice is heard, and how loud. Pure. */
import type { OfficersRadio } from '../../contract/radio-settings.ts'

/** `conversation`: where calls are heard, the headset unless the officer chose otherwise. `aside`: the loudspeaker. */
export interface Hearing {
  readonly where: 'conversation' | 'aside'
  /** Of the amplitude, 0 to 1. */
  readonly gain: number
}

/** What comes from a radio channel is named so; all else belongs to a call. */
const CHANNEL = 'channel/'

/** While the officer speaks, channels that are not talked on step back (12 dB): heard still, and not talked over. */
const ASIDE_WHILE_SPEAKING = 0.25

const channelOfLeg = (leg: string): string | undefined =>
  leg.startsWith(CHANNEL) ? leg.slice(CHANNEL.length) : undefined

/** `leg`: as the engine names it. */
export function hearingOf(leg: string, own: OfficersRadio, speaking: boolean): Hearing {
  const channel = channelOfLeg(leg)
  if (channel === undefined) return { where: 'conversation', gain: 1 }
  const selected = own.selected.includes(channel)
  // Ears hear the square of it as even steps.
  const volume = own.muted.includes(channel) ? 0 : (own.volumes[channel] ?? 1) ** 2
  return selected
    ? { where: 'conversation', gain: volume }
    : { where: 'aside', gain: speaking ? volume * ASIDE_WHILE_SPEAKING : volume }
}
