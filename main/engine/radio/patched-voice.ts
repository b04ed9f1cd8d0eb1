/**
 * The voice of ends that are patched together: one speaks at a time, and all others are told. Who is being told
 * something is not listened to, for a repeater says what it is told.
 */
import type { VoicePacket } from '../media/leg.ts'
import type { Opening, OpenPatchEnd } from './patch-end.ts'

/** How long the others stay keyed when nobody speaks any more: between two talk-spurts. */
const HANG_MS = 250
/** How long an end that was told something may say it again. */
const ECHO_MS = 500

export class PatchedVoice {
  readonly #clock: () => number
  readonly #ends: readonly OpenPatchEnd[]
  readonly #stops: (() => void)[]
  /** When each was last told something. */
  readonly #toldUntil = new Map<OpenPatchEnd, number>()
  #speaker:
    | { readonly end: OpenPatchEnd; readonly stop: () => void; readonly told: readonly Opening[] }
    | undefined
  #timer: NodeJS.Timeout | undefined
  #quietSince: number | undefined

  /** `clock`: milliseconds, never going back; that of the ends. */
  constructor(ends: readonly OpenPatchEnd[], clock: () => number) {
    this.#ends = ends
    this.#clock = clock
    this.#stops = ends.map((end) => end.onSpeaking(() => this.#look()))
    this.#look()
  }

  close(): void {
    for (const stop of this.#stops) stop()
    clearTimeout(this.#timer)
    this.#hush()
  }

  #look(): void {
    clearTimeout(this.#timer)
    const now = this.#clock()
    if (this.#speaker !== undefined && !this.#isDone(this.#speaker.end, now)) return
    this.#hush()
    const end = this.#ends.find((each) => this.#mayBeHeard(each, now))
    if (end !== undefined) this.#begin(end)
    else this.#waitForEcho(now)
  }

  /** Nobody has spoken there for long enough; looked at again when that may be. */
  #isDone(end: OpenPatchEnd, now: number): boolean {
    if (end.speaksSince !== undefined) {
      this.#quietSince = undefined
      return false
    }
    this.#quietSince ??= now
    if (now >= this.#quietSince + HANG_MS) return true
    this.#lookAt(this.#quietSince + HANG_MS)
    return false
  }

  #begin(end: OpenPatchEnd): void {
    const told = this.#ends.filter((each) => each !== end).map((each) => each.open())
    const say = (packet: VoicePacket) => {
      for (const opening of told) opening.say(packet)
    }
    this.#speaker = { end, told, stop: end.onVoice(say) }
  }

  #hush(): void {
    if (this.#speaker === undefined) return
    const { end, stop, told } = this.#speaker
    this.#speaker = undefined
    this.#quietSince = undefined
    stop()
    for (const opening of told) opening.shut()
    const now = this.#clock()
    for (const each of this.#ends) if (each !== end) this.#toldUntil.set(each, now)
  }

  /** What began while the end was being told something is its echo, until it has lasted too long for one. */
  #mayBeHeard(end: OpenPatchEnd, now: number): boolean {
    if (end.speaksSince === undefined) return false
    const told = this.#toldUntil.get(end)
    return told === undefined || end.speaksSince > told || now >= told + ECHO_MS
  }

  #waitForEcho(now: number): void {
    const speaking = this.#ends.filter(({ speaksSince }) => speaksSince !== undefined)
    const times = speaking.flatMap((end) => this.#toldUntil.get(end) ?? []).map((told) => told + ECHO_MS)
    if (times.length > 0) this.#lookAt(Math.max(now, Math.min(...times)))
  }

  #lookAt(at: number): void {
    this.#timer = setTimeout(() => this.#look(), Math.max(0, at - this.#clock()))
  }
}
