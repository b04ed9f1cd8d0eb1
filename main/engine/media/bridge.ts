/**
 * Joins legs. Two hear each other's packets as they are; of three and more each hears the sum of the others. Legs
 * come and go at any time, and may each have another codec.
 */
import { LINEAR_FRAME } from './codec.ts'
import { codecs, linearPayload } from './codecs.ts'
import { Hearing } from './hearing.ts'
import type { Leg, VoicePacket } from './leg.ts'
import { Mixer } from './mixer.ts'
import { everyFrame } from './ticker.ts'

export interface Member {
  /** Nobody hears the leg: silence goes out in its place, so that the far sides see the call alive. */
  muted: boolean
  /** The leg hears silence. */
  deaf: boolean
  /** Only these hear the leg (a whisper); undefined: all. */
  heardBy: readonly Leg[] | undefined
  /** All but this one hear the leg: it hears it elsewhere; undefined: all. */
  hiddenFrom: Leg | undefined
  /** Takes the leg out of the bridge; it stays open. */
  remove(): void
}

/** A mixer's first frames are silent, for talkers wait in their buffers: an ear conceals what is missing better. */
const WARM_UP_FRAMES = 3

export class Bridge {
  readonly #members = new Map<Leg, Member>()
  readonly #ears = new Set<Leg>()
  #mixing: { readonly mixer: Mixer<Leg>; readonly end: () => void } | undefined

  get size(): number {
    return this.#members.size
  }

  /** A leg that is in already stays what it is. */
  add(leg: Leg): Member {
    const already = this.#members.get(leg)
    if (already !== undefined) return already
    const hearing = new Hearing()
    const stop = leg.onVoice((packet) => this.#take(leg, member, hearing, packet))
    const member: Member = {
      muted: false,
      deaf: false,
      heardBy: undefined,
      hiddenFrom: undefined,
      remove: () => {
        if (this.#members.get(leg) !== member) return
        stop()
        hearing.close()
        this.#members.delete(leg)
        this.#mixing?.mixer.remove(leg)
        this.#settle()
      },
    }
    this.#members.set(leg, member)
    this.#mixing?.mixer.add(leg)
    this.#settle()
    return member
  }

  /** The leg hears everybody from now on, and what the members hear stays as it is. Returns its own undoing. */
  overhear(ear: Leg): () => void {
    this.#ears.add(ear)
    this.#mixing?.mixer.add(ear)
    this.#settle()
    return () => {
      if (!this.#ears.delete(ear)) return
      this.#mixing?.mixer.remove(ear)
      this.#settle()
    }
  }

  /** Takes all legs out. */
  close(): void {
    this.#ears.clear()
    for (const member of [...this.#members.values()]) member.remove()
    this.#settle()
  }

  /** Two hear each other as they are, whoever overhears them. */
  get #passesOn(): boolean {
    return this.#members.size < 3
  }

  #take(from: Leg, member: Member, hearing: Hearing, packet: VoicePacket): void {
    if (this.#mixing !== undefined && !member.muted) {
      const heard = hearing.hear(packet)
      if (heard !== undefined) this.#mixing.mixer.push(from, heard)
    }
    if (!this.#passesOn) return
    for (const [to, { deaf }] of this.#members) {
      if (to === from) continue
      const hears = !member.muted && !deaf && (this.#audienceOf(member)?.includes(to) ?? true)
      to.send(hears ? packet : silenced(packet))
    }
  }

  /** Who alone hears a member, if not all. */
  #audienceOf(member: Member | undefined): readonly Leg[] | undefined {
    if (member?.hiddenFrom === undefined) return member?.heardBy
    return [...this.#members.keys(), ...this.#ears].filter((leg) => leg !== member.hiddenFrom)
  }

  /** Mixes as long as there are three, or somebody overhears. */
  #settle(): void {
    if (this.#passesOn && this.#ears.size === 0) {
      this.#mixing?.end()
      this.#mixing = undefined
    } else if (this.#mixing === undefined) {
      const mixer = new Mixer<Leg>()
      for (const leg of [...this.#members.keys(), ...this.#ears]) mixer.add(leg)
      const ssrc = Math.floor(Math.random() * 2 ** 32)
      this.#mixing = { mixer, end: everyFrame((frames) => this.#tick(mixer, ssrc, frames)) }
    }
  }

  #tick(mixer: Mixer<Leg>, ssrc: number, frames: number): void {
    const mixed = mixer.tick((source) => this.#audienceOf(this.#members.get(source)))
    if (frames < WARM_UP_FRAMES) return
    for (const [leg, samples] of mixed) {
      if (this.#passesOn && !this.#ears.has(leg)) continue
      const packet: VoicePacket = {
        codec: 'linear',
        marker: frames === WARM_UP_FRAMES,
        sequence: frames & 0xffff,
        timestamp: (frames * LINEAR_FRAME) >>> 0,
        ssrc,
        payload: linearPayload(samples),
      }
      leg.send(this.#members.get(leg)?.deaf === true ? silenced(packet) : packet)
    }
  }
}

const silenced = (packet: VoicePacket): VoicePacket => ({
  ...packet,
  payload: codecs[packet.codec].silence(packet.payload),
})
