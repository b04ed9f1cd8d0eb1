/** The leg to the person at the console: a stream to the page, and a gate on its microphone. */
import { randomInt } from 'node:crypto'
import { type RTCRtpTransceiver, RtpHeader } from 'werift'
import { type NetworkCodec, payloadTypes } from './codec.ts'
import { Continuity } from './continuity.ts'
import type { Leg, VoicePacket } from './leg.ts'
import { Listeners } from './listeners.ts'
import { Transcoder } from './transcoder.ts'

/** What is mixed goes to the page in this; everything else goes as it is, for a page has all codecs that we have. */
const MIX_CODEC: NetworkCodec = 'G722'

export interface ConsoleLegOptions {
  /** Subscribes to the microphone, which is always on. */
  readonly microphone: (listener: (packet: VoicePacket) => void) => () => void
  readonly onClose: () => void
}

export class ConsoleLeg implements Leg {
  readonly name: string
  /** The gate: whether the microphone is heard here. */
  open = false
  readonly #voice = new Listeners<VoicePacket>()
  readonly #numbers = new Continuity({ sequence: randomInt(2 ** 15), timestamp: randomInt(2 ** 32) })
  readonly #mixed = new Transcoder(MIX_CODEC)
  readonly #options: ConsoleLegOptions
  readonly #stop: () => void
  #downlink: RTCRtpTransceiver | undefined
  #packetsToPage = 0

  constructor(name: string, options: ConsoleLegOptions) {
    this.name = name
    this.#options = options
    this.#stop = options.microphone((packet) => {
      if (this.open) this.#voice.tell(packet)
    })
  }

  /** Packets that really left for the page. */
  get packetsToPage(): number {
    return this.#packetsToPage
  }

  /** The stream to the page; none while there is no page. */
  use(downlink: RTCRtpTransceiver | undefined): void {
    this.#downlink = downlink
  }

  send(packet: VoicePacket): void {
    if (packet.codec !== 'linear') this.#send(packet, payloadTypes[packet.codec])
    else for (const each of this.#mixed.take(packet)) this.#send(each, payloadTypes[MIX_CODEC])
  }

  #send(packet: VoicePacket, payloadType: number): void {
    const downlink = this.#downlink
    if (downlink?.sender.dtlsTransport?.state !== 'connected') return
    const numbers = this.#numbers.map(packet, performance.now())
    if (numbers === undefined) return
    const header = new RtpHeader({
      version: 2,
      marker: numbers.marker,
      payloadType,
      sequenceNumber: numbers.sequence,
      timestamp: numbers.timestamp,
      ssrc: downlink.sender.ssrc,
    })
    this.#packetsToPage++
    // A packet that can't be sent is lost like any other; the connection tells if it failed.
    downlink.sender.dtlsTransport.sendRtp(Buffer.from(packet.payload), header).catch(() => undefined)
  }

  onVoice(listener: (packet: VoicePacket) => void): () => void {
    return this.#voice.add(listener)
  }

  close(): void {
    this.open = false
    this.#stop()
    this.#mixed.close()
    this.#downlink = undefined
    this.#options.onClose()
  }
}
