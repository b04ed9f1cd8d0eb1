/**
 * The key of one session at a gateway: pressed here, and confirmed, refused or taken back by what the gateway says of
 * its transmitter in its packets. Pure.
 */
import type { PttType, RadioHeader } from './header-extension.ts'

export type KeyState =
  | { readonly state: 'up' }
  /** Pressed, and not confirmed yet. */
  | { readonly state: 'asking'; readonly since: number }
  /** `lostAt`: since when the gateway doesn't say so any more. */
  | { readonly state: 'talking'; readonly lostAt: number | null }

/** What came of a step, for whoever pressed. */
type KeyNews = 'keyed' | 'busy' | 'denied' | 'time-out'

export interface KeyStep {
  readonly next: KeyState
  readonly news?: KeyNews
}

export const keyUp: KeyState = { state: 'up' }

/** A gateway answers within a keep-alive or two; what it says in between may be older than the key, in ms. */
const STALE_MS = 150
const LONGEST_ANSWER_MS = 1_000
/** One packet may be lost or late: only what lasts so long is taken back, in ms. */
const TAKEN_BACK_MS = 300

/** What a header says of the transmitter. */
type Said = Pick<RadioHeader, 'ptt' | 'pttId' | 'pttSummation'>
/** Whom it belongs to. */
type Holder = 'nobody' | 'us' | 'another'

function holderOf({ ptt, pttId, pttSummation }: Said, own: number): Holder {
  if (ptt === 'off') return 'nobody'
  // Who is not named is whoever asked, and where voices are summed everybody is sent.
  return pttId === own || pttId === 0 || pttSummation ? 'us' : 'another'
}

/** Pressed. `own`: undefined where the gateway tells nothing of keys, so that pressing is all that can be known. */
export const pressed = (own: number | undefined, now: number): KeyStep =>
  own === undefined
    ? { next: { state: 'talking', lostAt: null }, news: 'keyed' }
    : { next: { state: 'asking', since: now } }

/** What the gateway says next of its transmitter. */
export function answered(key: KeyState, header: Said, own: number | undefined, now: number): KeyStep {
  if (own === undefined) return { next: key }
  const holder = holderOf(header, own)
  switch (key.state) {
    case 'up':
      return { next: key }
    case 'asking': {
      const asked = now - key.since
      if (holder === 'us') return { next: { state: 'talking', lostAt: null }, news: 'keyed' }
      if (holder === 'another' && asked > STALE_MS) return { next: keyUp, news: 'busy' }
      return asked > LONGEST_ANSWER_MS ? { next: keyUp, news: 'denied' } : { next: key }
    }
    case 'talking': {
      if (holder === 'us') return { next: { state: 'talking', lostAt: null } }
      const lostAt = key.lostAt ?? now
      if (now - lostAt < TAKEN_BACK_MS) return { next: { state: 'talking', lostAt } }
      return { next: keyUp, news: holder === 'another' ? 'busy' : 'time-out' }
    }
  }
}

/** How a seat keys. */
export const typeOfKey = (key: KeyState, emergency: boolean): PttType =>
  key.state === 'up' ? 'off' : emergency ? 'emergency' : 'normal'
