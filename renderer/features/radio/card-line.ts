/** The one thing that a channel's card says, of all that is known about it. Pure. */
import type { Talker } from '../../../contract/radio.ts'
import type { ChannelLink, Reception, SeatChannel, Transmission } from '../../../contract/seat-radio.ts'

type Sending<State extends Transmission['state']> = Extract<Transmission, { state: State }>

export type CardLine =
  | { readonly kind: 'unheard' }
  | { readonly kind: 'link'; readonly link: ChannelLink | undefined }
  | { readonly kind: 'asking' }
  | { readonly kind: 'queued'; readonly place: number; readonly talker: Talker | undefined }
  | { readonly kind: 'talking'; readonly talk: Sending<'talking'> }
  | { readonly kind: 'stopped'; readonly how: Sending<'refused'> | Sending<'cut'> }
  | { readonly kind: 'receiving'; readonly reception: Talking }
  /** Another seat has the floor, and nothing is heard of it here. */
  | { readonly kind: 'taken'; readonly by: Talker; readonly emergency: boolean }
  | { readonly kind: 'heard'; readonly last: NonNullable<SeatChannel['lastHeard']> }
  | { readonly kind: 'quiet' }

export type Talking = Extract<Reception, { squelch: 'open' }>

/** Colour, and with it a sign and words: never the colour alone. */
export type CardTone = 'rx' | 'tx' | 'alarm' | 'warn' | 'stale' | 'idle'

/**
 * `channel`: undefined as long as the engine has not told of it. `monitored`: the officer wants to hear it. `keyed`:
 * a key is down for it here, and the engine may not have said so yet.
 */
export function lineOf(
  channel: SeatChannel | undefined,
  { monitored, keyed }: { monitored: boolean; keyed: boolean },
): CardLine {
  if (channel === undefined) return monitored ? { kind: 'link', link: undefined } : { kind: 'unheard' }
  const { transmission, reception, link, taken, lastHeard } = channel
  const talking = reception.squelch === 'open' ? named(reception, taken?.by) : undefined
  switch (transmission.state) {
    case 'talking':
      return { kind: 'talking', talk: transmission }
    case 'queued':
      return { kind: 'queued', place: transmission.place, talker: talking?.talker ?? taken?.by }
    case 'asking':
      return { kind: 'asking' }
    case 'refused':
    case 'cut':
      return { kind: 'stopped', how: transmission }
    case 'idle':
      if (keyed) return { kind: 'asking' }
  }
  if (link.state !== 'up') return { kind: 'link', link }
  if (talking !== undefined) return { kind: 'receiving', reception: talking }
  if (taken !== null) return { kind: 'taken', ...taken }
  return lastHeard === null ? { kind: 'quiet' } : { kind: 'heard', last: lastHeard }
}

/** A channel that does not say who talks: the hub knows whom it gave the floor. */
function named(reception: Talking, holder: Talker | undefined): Talking {
  const { radio, unit, account } = reception.talker
  const isUnknown = radio === null && unit === null && account === null
  return isUnknown && holder !== undefined ? { ...reception, talker: holder } : reception
}

export function toneOf(line: CardLine): CardTone {
  switch (line.kind) {
    case 'talking':
      return 'tx'
    case 'receiving':
      return line.reception.emergency ? 'alarm' : 'rx'
    case 'taken':
      return line.emergency ? 'alarm' : 'rx'
    case 'asking':
    case 'queued':
    case 'stopped':
      return 'warn'
    case 'link':
      return line.link?.state === 'down' || line.link?.state === 'no-password' ? 'warn' : 'stale'
    case 'unheard':
      return 'stale'
    case 'heard':
    case 'quiet':
      return 'idle'
  }
}
