/**
 * The voice link between this process and the page: one bundled WebRTC connection over 127.0.0.1. This side always
 * offers: one microphone comes up, one stream goes down for each console leg. Whoever holds it carries its offers to
 * the page, and the page's answers back.
 */
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters, type RTCRtpTransceiver } from 'werift'
import type { SoundAnswer, SoundOffer } from '../../../contract/seat-sound.ts'
import { encodingName, type NetworkCodec, payloadTypes } from './codec.ts'
import { ConsoleLeg } from './console-leg.ts'
import type { VoicePacket } from './leg.ts'
import { Listeners } from './listeners.ts'

/** `waiting`: no page, or it has not answered yet. */
export type LoopbackState = 'waiting' | 'connected'

export interface LoopbackOptions {
  readonly onOffer: (offer: SoundOffer) => void
  readonly onState?: (state: LoopbackState) => void
  readonly onTrouble: (error: unknown) => void
}

interface Connection {
  readonly number: number
  readonly peer: RTCPeerConnection
  readonly microphone: RTCRtpTransceiver
  readonly downlinks: Map<ConsoleLeg, RTCRtpTransceiver>
  round: number
  /** An offer is out. */
  awaiting: boolean
  /** Something changed since the last offer. */
  changed: boolean
}

const HOST = '127.0.0.1'

/**
 * In the order of the offer: the page's microphone speaks the first. G.722 costs both sides little, goes to most
 * telephones as it is, and holds back the sound for no more than 1.5 ms.
 */
const order: readonly NetworkCodec[] = ['G722', 'opus', 'PCMU', 'PCMA']
const codecByType: ReadonlyMap<number, NetworkCodec> = new Map(
  order.map((codec) => [payloadTypes[codec], codec]),
)

const parametersOf = (codec: NetworkCodec): RTCRtpCodecParameters => {
  const [name, clockRate, channels = 1] = encodingName[codec].split('/')
  return new RTCRtpCodecParameters({
    mimeType: `audio/${name}`,
    clockRate: Number(clockRate),
    channels: Number(channels),
    payloadType: payloadTypes[codec],
  })
}

export class Loopback {
  readonly #options: LoopbackOptions
  readonly #legs = new Set<ConsoleLeg>()
  readonly #microphone = new Listeners<VoicePacket>()
  #connection: Connection | undefined
  #count = 0
  #state: LoopbackState = 'waiting'
  #lastMicrophoneAt: number | undefined

  constructor(options: LoopbackOptions) {
    this.#options = options
  }

  get state(): LoopbackState {
    return this.#state
  }

  /** When the microphone's newest packet came, by `performance.now()`: a dead one is silent, and no error. */
  get lastMicrophoneAt(): number | undefined {
    return this.#lastMicrophoneAt
  }

  /** There is a page, or a new one: everything is offered to it anew. */
  connect(): void {
    this.#drop()
    const peer = new RTCPeerConnection({
      iceServers: [],
      iceUseIpv6: false,
      iceUseTcp: false,
      iceAdditionalHostAddresses: [HOST],
      iceInterfaceAddresses: { udp4: HOST },
      iceFilterStunResponse: (_, [host]) => host === HOST,
      bundlePolicy: 'max-bundle',
      codecs: { audio: order.map(parametersOf), video: [] },
      headerExtensions: { audio: [], video: [] },
    })
    const microphone = peer.addTransceiver('audio', { direction: 'recvonly' })
    const connection: Connection = {
      number: ++this.#count,
      peer,
      microphone,
      downlinks: new Map(),
      round: 0,
      awaiting: false,
      changed: true,
    }
    this.#connection = connection
    microphone.onTrack.subscribe((track) =>
      track.onReceiveRtp.subscribe(({ header, payload }) => {
        const codec = codecByType.get(header.payloadType)
        if (this.#connection !== connection || codec === undefined) return
        this.#lastMicrophoneAt = performance.now()
        this.#microphone.tell({
          codec,
          marker: header.marker,
          sequence: header.sequenceNumber,
          timestamp: header.timestamp,
          ssrc: header.ssrc,
          payload,
        })
      }),
    )
    peer.connectionStateChange.subscribe((state) => {
      if (this.#connection !== connection) return
      this.#tell(state === 'connected' ? 'connected' : 'waiting')
      if (state === 'failed') this.connect()
    })
    // A page that goes says so here; ICE finds out half a minute later.
    microphone.dtlsTransport.onStateChange.subscribe((state) => {
      if (this.#connection === connection && (state === 'closed' || state === 'failed')) this.connect()
    })
    for (const leg of this.#legs) this.#addDownlink(connection, leg)
    this.#offer(connection)
  }

  /** The page is gone; the legs stay, silent. */
  disconnect(): void {
    this.#drop()
  }

  /** Answers to offers of before are left out. */
  async takeAnswer({ connection: number, round, sdp }: SoundAnswer): Promise<void> {
    const connection = this.#connection
    if (connection?.number !== number || connection.round !== round || !connection.awaiting) return
    try {
      await connection.peer.setRemoteDescription({ type: 'answer', sdp: loopbackOnly(sdp) })
    } catch (error) {
      if (this.#connection !== connection) return
      // A page that answers nonsense gets a new start, as one that was loaded anew.
      this.#options.onTrouble(error)
      this.connect()
      return
    }
    connection.awaiting = false
    this.#offer(connection)
  }

  /** A leg to the page's ear, under a name that the page knows it by. */
  open(name: string): ConsoleLeg {
    const leg: ConsoleLeg = new ConsoleLeg(name, {
      microphone: (listener) => this.#microphone.add(listener),
      onClose: () => {
        this.#legs.delete(leg)
        const connection = this.#connection
        const downlink = connection?.downlinks.get(leg)
        if (connection === undefined || downlink === undefined) return
        connection.downlinks.delete(leg)
        downlink.stop()
        connection.changed = true
        this.#offer(connection)
      },
    })
    this.#legs.add(leg)
    if (this.#connection !== undefined) {
      this.#addDownlink(this.#connection, leg)
      this.#offer(this.#connection)
    }
    return leg
  }

  close(): void {
    this.#drop()
    for (const leg of [...this.#legs]) leg.close()
  }

  #addDownlink(connection: Connection, leg: ConsoleLeg): void {
    const downlink = connection.peer.addTransceiver(new MediaStreamTrack({ kind: 'audio' }), {
      direction: 'sendonly',
    })
    connection.downlinks.set(leg, downlink)
    connection.changed = true
    leg.use(downlink)
  }

  /** One offer at a time: what changes meanwhile goes into the next. */
  #offer(connection: Connection): void {
    if (connection.awaiting || !connection.changed) return
    connection.awaiting = true
    connection.changed = false
    this.#describe(connection).catch((error: unknown) => {
      // What was given up while it was being described is nobody's trouble.
      if (this.#connection !== connection) return
      connection.awaiting = false
      this.#options.onTrouble(error)
    })
  }

  async #describe(connection: Connection): Promise<void> {
    const { peer, microphone, downlinks, number } = connection
    const offered = [...downlinks]
    await peer.setLocalDescription(await peer.createOffer())
    const sdp = peer.localDescription?.sdp
    if (this.#connection !== connection || sdp === undefined) return
    this.#options.onOffer({
      connection: number,
      round: ++connection.round,
      sdp: loopbackOnly(sdp),
      microphone: microphone.mid ?? '',
      downlinks: offered.flatMap(([leg, { mid }]) => (mid === null ? [] : [{ mid, leg: leg.name }])),
    })
  }

  #drop(): void {
    const dropped = this.#connection
    this.#connection = undefined
    for (const leg of this.#legs) leg.use(undefined)
    this.#tell('waiting')
    dropped?.peer.close().catch(this.#options.onTrouble)
  }

  #tell(state: LoopbackState): void {
    if (state === this.#state) return
    this.#state = state
    this.#options.onState?.(state)
  }
}

/** With any other address among them the link dies with that address, for good. */
const loopbackOnly = (sdp: string): string =>
  sdp
    .split('\r\n')
    .filter((line) => !line.startsWith('a=candidate') || line.includes(` ${HOST} `))
    .join('\r\n')
