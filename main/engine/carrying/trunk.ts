/** A seat's stream to and from a room: what is said to it goes there as Opus, and what it says is the room, mixed. */
import { randomBytes, randomInt } from 'node:crypto'
import type { CarriedStream, CarryTelling } from '../../../contract/carried.ts'
import { Bridge, type Member } from '../media/bridge.ts'
import { FRAME_MS } from '../media/codec.ts'
import { Continuity } from '../media/continuity.ts'
import type { Leg, VoicePacket } from '../media/leg.ts'
import { Listeners } from '../media/listeners.ts'
import { silentOpus } from '../media/opus.ts'
import { parseRtp, writeRtp } from '../media/rtp.ts'
import type { RtpSockets } from '../media/rtp-sockets.ts'
import { KEY_MATERIAL_BYTES, Opening, Sealing } from '../media/srtp.ts'
import { Transcoder } from '../media/transcoder.ts'
import type { Address } from '../media/voice-terms.ts'

/** Where nothing is said, so often something goes out: the hub, and what is between, learns where we are by it. */
const ALIVE_EVERY_MS = 1_000
/** As many as a room has voices. */
const MOST_SOURCES = 256

type Terms = Extract<CarryTelling, { kind: 'carried' }>

interface Stream {
  readonly payloadType: number
  hear(packet: VoicePacket): void
  close(): void
}

export class Trunk {
  /** What our packets are protected with. */
  readonly key = randomBytes(KEY_MATERIAL_BYTES)
  /** What is sent to it is said in the room; what it says is the room. */
  readonly leg: Leg
  readonly #sockets: RtpSockets
  readonly #clock: () => number
  readonly #told = new Listeners<VoicePacket>()
  readonly #bridge = new Bridge()
  readonly #outlet: Leg
  readonly #streams = new Map<number, Stream>()
  readonly #numbers = new Continuity({ sequence: randomInt(2 ** 15), timestamp: randomInt(2 ** 32) })
  readonly #transcoder = new Transcoder('opus')
  readonly #sealing = new Sealing(this.key)
  #opening: Opening | undefined
  #terms: { readonly to: Address; readonly ssrc: number; readonly payloadType: number } | undefined
  #sentAt = Number.NEGATIVE_INFINITY
  #alive: NodeJS.Timeout | undefined

  /** `clock`: milliseconds, never going back. The sockets are closed with it. */
  constructor(sockets: RtpSockets, clock: () => number) {
    this.#sockets = sockets
    this.#clock = clock
    this.leg = { send: (packet) => this.#say(packet), onVoice: (listener) => this.#told.add(listener) }
    this.#outlet = { send: (packet) => this.#told.tell(packet), onVoice: () => () => undefined }
    this.#bridge.add(this.#outlet)
    sockets.listen((kind, packet, from) => {
      if (kind === 'rtp') this.#take(packet, from)
    })
  }

  /** The hub has said where it is. */
  open({ host, port, key, ssrc, payloadType }: Terms): void {
    this.#opening = new Opening(Buffer.from(key, 'base64'), MOST_SOURCES)
    this.#terms = { to: { host, port }, ssrc, payloadType }
    this.#beAlive()
    this.#alive = setInterval(() => {
      if (this.#clock() - this.#sentAt >= ALIVE_EVERY_MS) this.#beAlive()
    }, ALIVE_EVERY_MS)
  }

  /** These come, and no others. */
  use(streams: readonly CarriedStream[]): void {
    const wanted = new Set(streams.map(({ ssrc }) => ssrc))
    for (const [ssrc, stream] of this.#streams)
      if (!wanted.has(ssrc)) {
        stream.close()
        this.#streams.delete(ssrc)
      }
    for (const stream of streams)
      if (!this.#streams.has(stream.ssrc)) this.#streams.set(stream.ssrc, this.#join(stream))
  }

  async close(): Promise<void> {
    clearInterval(this.#alive)
    for (const stream of this.#streams.values()) stream.close()
    this.#streams.clear()
    this.#bridge.close()
    this.#transcoder.close()
    this.#terms = undefined
    await this.#sockets.close()
  }

  #join({ codec, payloadType }: CarriedStream): Stream {
    const voice = new Listeners<VoicePacket>()
    const leg: Leg = { send: () => undefined, onVoice: (listener) => voice.add(listener) }
    const member: Member = this.#bridge.add(leg)
    member.heardBy = [this.#outlet]
    return {
      payloadType,
      hear: (packet) => voice.tell({ ...packet, codec }),
      close: () => member.remove(),
    }
  }

  #take(bytes: Buffer, from: Address): void {
    const to = this.#terms?.to
    if (from.host !== to?.host || from.port !== to.port) return
    const plain = this.#opening?.open(bytes)
    const packet = plain && parseRtp(plain)
    if (packet === undefined || packet.payload.length === 0) return
    const stream = this.#streams.get(packet.ssrc)
    if (stream?.payloadType !== packet.payloadType) return
    const { marker, sequence, timestamp, ssrc, payload } = packet
    stream.hear({ codec: 'opus', marker, sequence, timestamp, ssrc, payload })
  }

  #say(packet: VoicePacket): void {
    if (this.#terms === undefined) return
    for (const each of this.#transcoder.take(packet)) {
      const numbers = this.#numbers.map(each, this.#clock())
      if (numbers !== undefined) this.#send(numbers, each.payload)
    }
  }

  #beAlive(): void {
    this.#send(this.#numbers.own('opus', this.#clock()), silentOpus(FRAME_MS))
  }

  #send(numbers: { marker: boolean; sequence: number; timestamp: number }, payload: Uint8Array): void {
    if (this.#terms === undefined) return
    const { to, ssrc, payloadType } = this.#terms
    this.#sentAt = this.#clock()
    this.#sockets.send('rtp', this.#sealing.seal(writeRtp({ ...numbers, payloadType, ssrc, payload })), to)
  }
}
