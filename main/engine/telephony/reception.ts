/** What happens with a call that comes in: whether it rings here, is answered by itself, or goes elsewhere. */
import type { Instant } from '../../../contract/primitives.ts'
import { type Forwarding, type Reception, untouchedReception } from '../../../contract/telephony.ts'
import type { MediaSession } from '../media/media-session.ts'
import type { Calls } from './calls.ts'
import type { Headset } from './headset.ts'
import type { OwnCall } from './own-call.ts'

/** Temporarily Unavailable: nobody answered here (RFC 3261, 21.4.18). */
const NOBODY = 480
/** Where the exchange sets no limit; RFC 3261's proxies give up after three minutes, too (16.6, timer C). */
const LONGEST_RINGING_MS = 180_000
/** The officer hears that a hotline is on before the microphone is. */
const ALERT_MS = 400

export interface ReceptionDesk<Media extends MediaSession> {
  readonly state: Reception
  setDoNotDisturb(on: boolean): void
  /** Of calls that ring already, too. */
  setForwarding(forwarding: Forwarding | null): void
  /** A call that has just come in. `hotline`: it is to be answered by itself. */
  receive(own: OwnCall<Media>, hotline: boolean): void
  /** Whoever comes next from this number is answered at once, whatever else is set. Returns its own undoing. */
  expect(number: string): () => void
  /** Nobody inherits what another had set. */
  reset(): void
  close(): void
}

export interface ReceptionOptions<Media extends MediaSession> {
  readonly calls: Calls<Media>
  readonly clock: () => Instant
  readonly headset: Pick<Headset<Media>, 'play'>
  readonly ringMs?: number
  onChange(): void
  onTrouble(what: string, error: unknown): void
}

export function openReception<Media extends MediaSession>({
  calls,
  clock,
  headset,
  ringMs = LONGEST_RINGING_MS,
  onChange,
  onTrouble,
}: ReceptionOptions<Media>): ReceptionDesk<Media> {
  let state = untouchedReception
  /** Of the calls that ring: when they go elsewhere, or are given up. */
  const limits = new Map<OwnCall<Media>, NodeJS.Timeout>()
  const alerts = new Set<NodeJS.Timeout>()
  const expected = new Set<string>()

  const giveUp = (own: OwnCall<Media>) => {
    const { sip, accepting } = own
    if (accepting) return
    if (state.forwarding === null) {
      own.because = 'no-answer'
      sip.reject(NOBODY)
    } else sip.redirect(state.forwarding.to)
  }
  const arm = (own: OwnCall<Media>) => {
    const rings = clock() - own.shown.startedAt
    const limit = state.forwarding === null ? ringMs : state.forwarding.afterS * 1000
    clearTimeout(limits.get(own))
    limits.set(
      own,
      setTimeout(() => giveUp(own), Math.max(0, limit - rings)),
    )
  }
  const change = (next: Partial<Reception>) => {
    state = { ...state, ...next }
    for (const own of limits.keys()) arm(own)
    onChange()
  }
  /** Whether nobody else is talked to, rings or is being called: a hotline must not put a caller on hold. */
  const isFree = (own: OwnCall<Media>): boolean =>
    calls.open.every((other) => other === own || other.shown.state === 'held')

  const answerHotline = async (own: OwnCall<Media>) => {
    const stop = headset.play(own.shown.id, 'autoAnswer')
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        alerts.delete(timer)
        resolve()
      }, ALERT_MS)
      alerts.add(timer)
    })
    stop()
    if (own.sip.state === 'waiting' && !own.accepting && isFree(own)) await calls.accept(own)
  }

  return {
    get state() {
      return state
    },
    setDoNotDisturb: (doNotDisturb) => change({ doNotDisturb }),
    setForwarding: (forwarding) => change({ forwarding }),
    receive: (own, hotline) => {
      const { sip, shown } = own
      if (expected.delete(sip.remote.number)) {
        calls.accept(own).catch((error) => onTrouble('answering who was expected', error))
        return undefined
      }
      if (state.doNotDisturb && !shown.priority && !hotline) {
        if (state.forwarding !== null) return sip.redirect(state.forwarding.to)
        own.because = 'not-disturbed'
        return sip.reject(NOBODY)
      }
      sip.ring()
      arm(own)
      sip.onChange(() => {
        if (sip.state === 'waiting') return
        clearTimeout(limits.get(own))
        limits.delete(own)
      })
      if (hotline && isFree(own)) answerHotline(own).catch((error) => onTrouble('answering a hotline', error))
      return undefined
    },
    expect: (number) => {
      expected.add(number)
      return () => expected.delete(number)
    },
    reset: () => {
      expected.clear()
      change(untouchedReception)
    },
    close: () => {
      for (const timer of [...limits.values(), ...alerts]) clearTimeout(timer)
    },
  }
}
