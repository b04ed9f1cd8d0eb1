/** Citizens who call now and then, by themselves. */
import { type Chance, untilNext } from '../city/random.ts'
import { type Time, timersOn } from './time.ts'

export interface CitizenRate {
  readonly perHour: number
  /** The number they call. */
  readonly to: string
  /** Of them at one time at most; three if it is left out. */
  readonly atOnce?: number
}

export interface CitizensOptions {
  readonly rate: CitizenRate
  /** Names of what they may say. */
  readonly clips: readonly string[]
  readonly chance: Chance
  readonly time: Time
  callIn(call: { from: string; to: string; clip: string }): { readonly ended: Promise<unknown> }
}

const AT_ONCE = 3
const HOUR_MS = 3_600_000

/** Lets them call, each independently of the others; the answer stops it. Calls that are up go on. */
export function keepCalling({ rate, clips, chance, time, callIn }: CitizensOptions): () => void {
  const timers = timersOn(time)
  let up = 0
  const [first, ...rest] = clips
  if (first === undefined || !(rate.perHour > 0)) return () => undefined
  const wait = () => timers.set('next', untilNext(HOUR_MS / rate.perHour, chance), call)
  const call = () => {
    wait()
    if (up >= (rate.atOnce ?? AT_ONCE)) return
    up++
    const calling = callIn({ from: someNumber(chance), to: rate.to, clip: chance.pick([first, ...rest]) })
    void calling.ended.then(() => {
      up--
    })
  }
  wait()
  return timers.clearAll
}

/** A mobile number that nobody has: its second group is not given out. */
function someNumber(chance: Chance): string {
  const digits = Math.floor(chance.next() * 1e7)
  return `1390${String(digits).padStart(7, '0')}`
}
