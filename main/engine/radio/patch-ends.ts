/** The ends of patches, and of what is carried into rooms: a channel of the seat's, and a call with whoever is in its conference. */
import { Hearing } from '../media/hearing.ts'
import type { Leg, VoicePacket } from '../media/leg.ts'
import { SILENT } from '../media/level-meter.ts'
import { Listeners } from '../media/listeners.ts'
import type { RadioChannel } from './channel.ts'
import type { Presser } from './keys-down.ts'
import type { Key } from './own-transmission.ts'
import type { Opening, OpenPatchEnd } from './patch-end.ts'
import { VoiceActivity } from './voice-activity.ts'

/** How often a channel that was busy is asked again, while somebody still speaks. */
const ASK_AGAIN_MS = 500

/** `clock`: milliseconds, never going back. */
export function channelEnd(channel: RadioChannel, clock: () => number, by: Presser = 'patch'): OpenPatchEnd {
  const speaking = new Listeners<void>()
  let speaksSince: number | undefined
  const follow = (isOpen: boolean) => {
    if (isOpen === (speaksSince !== undefined)) return
    speaksSince = isOpen ? clock() : undefined
    speaking.tell()
  }
  const stop = channel.onSquelch(follow)
  follow(channel.shown.reception.squelch === 'open')
  return {
    get speaksSince() {
      return speaksSince
    },
    onSpeaking: (listener) => speaking.add(listener),
    onVoice: (listener) => channel.onVoice(listener),
    open: () => openKeyed(channel, by),
    close: stop,
  }
}

function openKeyed(channel: RadioChannel, by: Presser): Opening {
  let key: Key = channel.press(by)
  const asking = setInterval(() => {
    if (channel.isKeyDownInVain) {
      key.up()
      key = channel.press(by)
    }
  }, ASK_AGAIN_MS)
  return {
    say: (packet) => channel.say(packet, by),
    shut: () => {
      clearInterval(asking)
      key.up()
    },
  }
}

/** A call has no squelch: whether somebody speaks is heard. */
export class CallEnd implements OpenPatchEnd {
  /** For the conversation: what is sent to it is what is said there. */
  readonly leg: Leg = {
    send: (packet) => this.#hear(packet),
    onVoice: (listener) => this.#told.add(listener),
  }
  readonly #clock: () => number
  readonly #told = new Listeners<VoicePacket>()
  readonly #said = new Listeners<VoicePacket>()
  readonly #speaking = new Listeners<void>()
  readonly #hearing = new Hearing()
  readonly #activity = new VoiceActivity()
  #speaksSince: number | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(clock: () => number) {
    this.#clock = clock
  }

  get speaksSince(): number | undefined {
    return this.#speaksSince
  }

  onSpeaking(listener: () => void): () => void {
    return this.#speaking.add(listener)
  }

  onVoice(listener: (packet: VoicePacket) => void): () => void {
    return this.#said.add(listener)
  }

  open(): Opening {
    return { say: (packet) => this.#told.tell(packet), shut: () => undefined }
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#hearing.close()
  }

  #hear(packet: VoicePacket): void {
    const samples = this.#hearing.hear(packet)?.samples
    if (samples === undefined) return
    this.#activity.take(levelOf(samples), this.#clock())
    this.#follow()
    if (this.#speaksSince !== undefined) this.#said.tell(packet)
  }

  #follow(): void {
    const now = this.#clock()
    const speaks = this.#activity.speaks(now)
    clearTimeout(this.#timer)
    const { deadline } = this.#activity
    // A call that is held says nothing any more, not even silence.
    if (deadline !== undefined) this.#timer = setTimeout(() => this.#follow(), deadline - now)
    if (speaks === (this.#speaksSince !== undefined)) return
    this.#speaksSince = speaks ? now : undefined
    this.#speaking.tell()
  }
}

/** dBov. */
function levelOf(samples: Int16Array): number {
  const energy = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
  return Math.max(SILENT, 10 * Math.log10(energy / 32_768 ** 2))
}
