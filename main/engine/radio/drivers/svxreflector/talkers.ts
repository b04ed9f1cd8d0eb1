/**
 * Who talks on a talkgroup: the reflector lets one talk at a time, whose voice came first, and says who over TCP; the
 * voice itself comes over UDP, a little earlier or later. Takes what comes, and reports. Pure; waiting is passed in.
 */
import type { DriverReport } from '../driver.ts'
import type { Turn } from './visit.ts'

/** The reflector answers the first voice at once; one that does not for so long, in ms, will not have us talk. */
const ANSWER_MS = 1_000

type Heard =
  | { readonly kind: 'nobody' }
  /** What still comes of one who was told to have stopped. */
  | { readonly kind: 'tail' }
  | { readonly kind: 'somebody'; readonly radio: string | null }

type Key =
  | 'up'
  /** Our voice goes out, and the reflector has not said whose turn it is. */
  | 'asking'
  | 'talking'
  /** It said that we stopped. Unless that was meant for the last time the key was down, it doesn't hear us any more. */
  | 'doubted'

export interface TalkersOptions {
  readonly onReport: (report: DriverReport) => void
  /** Calls after so many ms. Returns its own undoing. */
  readonly after: (ms: number, then: () => void) => () => void
}

export class Talkers {
  #heard: Heard = { kind: 'nobody' }
  #key: Key = 'up'
  #stopWaiting: () => void = () => undefined
  readonly #options: TalkersOptions

  constructor(options: TalkersOptions) {
    this.#options = options
  }

  /** Our voice is to go out. */
  get isKeyed(): boolean {
    return this.#key !== 'up'
  }

  /** Whether voice is to be sent from now on: not while another talks. */
  key(): boolean {
    if (this.#key !== 'up') return true
    if (this.#heard.kind === 'somebody') {
      this.#options.onReport({ kind: 'unkeyed', why: 'busy' })
      return false
    }
    this.#wait('asking')
    return true
  }

  unkey(): void {
    this.#enter('up')
  }

  turn({ kind, callsign }: Turn): void {
    if (callsign === null) this.#own(kind)
    else if (kind === 'begins') {
      if (this.#key !== 'up') this.#cut('busy')
      this.#hear(callsign)
    } else this.#noLonger()
  }

  /** Another's voice came. Nobody said whose it is if we came in the middle of it, or it was faster. */
  voice(): void {
    if (this.#heard.kind === 'nobody' && this.#key !== 'talking') this.#hear(null)
  }

  /** The end of another's voice came. */
  voiceEnded(): void {
    if (this.#heard.kind === 'somebody' && this.#heard.radio === null)
      this.#options.onReport({ kind: 'squelch-closed' })
    // Of one who is known TCP says that it is over.
    if (this.#heard.kind !== 'somebody' || this.#heard.radio === null) this.#heard = { kind: 'nobody' }
  }

  /** The reflector is lost. */
  lost(): void {
    if (this.#key !== 'up') this.#cut('lost')
    if (this.#heard.kind === 'somebody') this.#options.onReport({ kind: 'squelch-closed' })
    this.#heard = { kind: 'nobody' }
  }

  #own(kind: Turn['kind']): void {
    if (kind === 'over') {
      if (this.#key === 'talking') this.#wait('doubted')
      return
    }
    this.#noLonger()
    if (this.#key === 'asking') this.#options.onReport({ kind: 'keyed' })
    if (this.#key !== 'up') this.#enter('talking')
  }

  #noLonger(): void {
    if (this.#heard.kind !== 'somebody') return
    this.#heard = { kind: 'tail' }
    this.#options.onReport({ kind: 'squelch-closed' })
  }

  #hear(radio: string | null): void {
    const { onReport } = this.#options
    const before = this.#heard
    this.#heard = { kind: 'somebody', radio }
    if (before.kind !== 'somebody') onReport({ kind: 'squelch-open', radio, emergency: false })
    else if (before.radio === null && radio !== null) onReport({ kind: 'heard', radio })
    else if (before.radio !== radio) {
      onReport({ kind: 'squelch-closed' })
      onReport({ kind: 'squelch-open', radio, emergency: false })
    }
  }

  #wait(key: 'asking' | 'doubted'): void {
    this.#enter(key)
    const why = key === 'asking' ? 'denied' : 'time-out'
    this.#stopWaiting = this.#options.after(ANSWER_MS, () => this.#cut(why))
  }

  #cut(why: 'busy' | 'denied' | 'lost' | 'time-out'): void {
    this.#enter('up')
    this.#options.onReport({ kind: 'unkeyed', why })
  }

  #enter(key: Key): void {
    this.#stopWaiting()
    this.#stopWaiting = () => undefined
    this.#key = key
  }
}
