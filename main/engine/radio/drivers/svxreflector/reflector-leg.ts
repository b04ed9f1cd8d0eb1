/** The voice of a talkgroup both ways: Opus, as it is, or made of whatever comes. */
import { randomInt } from 'node:crypto'
import { frameUnits } from '../../../media/codec.ts'
import type { Leg, VoicePacket } from '../../../media/leg.ts'
import { Listeners } from '../../../media/listeners.ts'
import { sequenceDistance } from '../../../media/rtp.ts'
import { Transcoder } from '../../../media/transcoder.ts'

export class ReflectorLeg implements Leg {
  readonly #voice = new Listeners<VoicePacket>()
  readonly #toOpus = new Transcoder('opus')
  readonly #onOpus: (payload: Uint8Array) => void
  /** Of the talker whose voice comes: its number, and its first packet. */
  #spurt: { readonly ssrc: number; readonly first: number } | undefined

  constructor(onOpus: (payload: Uint8Array) => void) {
    this.#onOpus = onOpus
  }

  send(packet: VoicePacket): void {
    for (const { payload } of this.#toOpus.take(packet)) this.#onOpus(payload)
  }

  onVoice(listener: (packet: VoicePacket) => void): () => void {
    return this.#voice.add(listener)
  }

  /** A packet came, 20 ms long as all nodes make them; those between two of a talker's are lost or late. */
  hear(sequence: number, payload: Uint8Array): void {
    const begins = this.#spurt === undefined
    this.#spurt ??= { ssrc: randomInt(2 ** 32), first: sequence }
    const { ssrc, first } = this.#spurt
    const timestamp = (sequenceDistance(first, sequence) * frameUnits('opus')) >>> 0
    this.#voice.tell({ codec: 'opus', marker: begins, sequence, timestamp, ssrc, payload })
  }

  /** The next packet is another talker's. */
  endSpurt(): void {
    this.#spurt = undefined
  }

  close(): void {
    this.#toOpus.close()
  }
}
