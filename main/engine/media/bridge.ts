/**
 * Joins legs. Two hear each other's packets as they are; of three and more each hears the sum of the others. Legs
 * come and go at any time.
 */
import { type Codec, decode, encode, FRAME_SAMPLES, silence } from './g711.ts'
import type { Leg, VoicePacket } from './leg.ts'
import { Mixer } from './mixer.ts'
import { everyFrame } from './ticker.ts'

export interface Member {
  /** Nobody hears the leg: silence goes out in its place, so that the far sides see the call alive. */
  muted: boolean
  /** The leg hears silence. */
  deaf: boolean
  /** Takes the leg out of the bridge; it stays open. */
  remove(): void
}

interface Joined {
  readonly leg: Leg
  readonly member: Member
}

/** The mixer speaks µ-law; each leg turns it into what it has. */
const MIX_CODEC: Codec = 'PCMU'

export class Bridge {
  readonly #joined = new Set<Joined>()
  #mixing: { readonly mixer: Mixer<Joined>; readonly end: () => void } | undefined

  get size(): number {
    return this.#joined.size
  }

  add(leg: Leg): Member {
    const stop = leg.onVoice((packet) => this.#take(joined, packet))
    const member: Member = {
      muted: false,
      deaf: false,
      remove: () => {
        stop()
        this.#joined.delete(joined)
        this.#mixing?.mixer.remove(joined)
        this.#settle()
      },
    }
    const joined: Joined = { leg, member }
    this.#joined.add(joined)
    this.#mixing?.mixer.add(joined)
    this.#settle()
    return member
  }

  /** Takes all legs out. */
  close(): void {
    for (const { member } of [...this.#joined]) member.remove()
  }

  #take(from: Joined, packet: VoicePacket): void {
    if (this.#mixing !== undefined) {
      if (from.member.muted) return
      const { ssrc, timestamp, codec, payload } = packet
      this.#mixing.mixer.push(from, { ssrc, timestamp, samples: decode(codec, payload) })
      return
    }
    for (const to of this.#joined)
      if (to !== from) to.leg.send(from.member.muted || to.member.deaf ? silenced(packet) : packet)
  }

  /** Mixes as long as there are three. */
  #settle(): void {
    if (this.#joined.size < 3) {
      this.#mixing?.end()
      this.#mixing = undefined
    } else if (this.#mixing === undefined) {
      const mixer = new Mixer<Joined>()
      for (const joined of this.#joined) mixer.add(joined)
      const ssrc = Math.floor(Math.random() * 2 ** 32)
      this.#mixing = { mixer, end: everyFrame((frames) => this.#tick(mixer, ssrc, frames)) }
    }
  }

  #tick(mixer: Mixer<Joined>, ssrc: number, frames: number): void {
    // Those who say nothing share a frame, and so its encoding.
    const encoded = new Map<Int16Array, Uint8Array>()
    for (const [{ leg, member }, samples] of mixer.tick()) {
      const payload = encoded.get(samples) ?? encode(MIX_CODEC, samples)
      encoded.set(samples, payload)
      const packet: VoicePacket = {
        codec: MIX_CODEC,
        marker: frames === 0,
        sequence: frames & 0xffff,
        timestamp: (frames * FRAME_SAMPLES) >>> 0,
        ssrc,
        payload,
      }
      leg.send(member.deaf ? silenced(packet) : packet)
    }
  }
}

const silenced = (packet: VoicePacket): VoicePacket => ({
  ...packet,
  payload: silence(packet.codec, packet.payload.length),
})
