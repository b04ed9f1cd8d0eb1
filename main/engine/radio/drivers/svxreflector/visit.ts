/** One visit at a reflector: from coming in until it ends, for whichever reason. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { connect, type Socket } from 'node:net'
import { callsignAt, type Entry, proceed, type Refused, type Visitor } from './entry.ts'
import { Framing, FramingError, framed } from './framing.ts'
import {
  heartbeat,
  protocolVersion,
  type ReflectorPacket,
  readMessage,
  readPacket,
  writePacket,
} from './messages.ts'

/** In ms. The reflector gives us up after 15 s without a message, and 120 s without a packet. */
const CONNECT_MS = 5_000
const TICK_MS = 1_000
const HEARTBEAT_MS = 5_000
const SILENT_MS = 15_000
const PACKET_MS = 15_000
/** Asks for a packet this often while none comes; after so long the way is lost. */
const ASK_MS = 1_000
const QUIET_MS = 5_000
const DEAF_MS = 15_000

export type VisitEnd =
  | { readonly kind: 'refused'; readonly why: Refused }
  /** Nobody answers, or the connection broke. */
  | { readonly kind: 'unreachable'; readonly text: string }
  | { readonly kind: 'silent' }
  /** Messages pass, packets don't. */
  | { readonly kind: 'no-packets' }
  | { readonly kind: 'closed' }

export interface Turn {
  readonly kind: 'begins' | 'over'
  /** Null: this seat's own. */
  readonly callsign: string | null
}

export interface VisitEars {
  /** It is in, and packets pass both ways. */
  up(): void
  /** Somebody's turn on the talkgroup begins, or is over. */
  turn(turn: Turn): void
  packet(packet: ReflectorPacket): void
  /** Once, the last that is told. */
  ended(end: VisitEnd): void
}

export interface VisitOptions extends Visitor {
  readonly host: string
  readonly port: number
  /** Milliseconds that never go back. */
  readonly clock: () => number
}

export class Visit {
  readonly #options: VisitOptions
  readonly #ears: VisitEars
  readonly #socket: Socket
  readonly #timer: NodeJS.Timeout
  readonly #began: number
  #packets: UdpSocket | undefined
  /** Once packets can be sent: by which they name us. */
  #client: number | undefined
  #entry: Entry = { at: 'greeted' }
  #isUp = false
  #ended = false
  #sequence = 0
  /** When something last came and went over each. */
  #messageCame: number
  #messageWent: number
  #packetCame: number
  #packetWent = 0
  #asked = 0
  /** Voice goes out; what asks for a packet would end it. */
  #talks = false

  constructor(options: VisitOptions, ears: VisitEars) {
    this.#options = options
    this.#ears = ears
    this.#began = options.clock()
    this.#messageCame = this.#began
    this.#messageWent = this.#began
    this.#packetCame = this.#began
    const framing = new Framing((message) => this.#take(message))
    this.#socket = connect({ host: options.host, port: options.port, noDelay: true })
    this.#socket.on('connect', () => this.#say(protocolVersion(options.protocol)))
    this.#socket.on('data', (bytes) => {
      this.#messageCame = options.clock()
      try {
        framing.take(bytes)
      } catch (error) {
        if (!(error instanceof FramingError)) throw error
        this.#end({ kind: 'refused', why: { kind: 'nonsense' } })
      }
    })
    this.#socket.on('error', ({ message }) => this.#end({ kind: 'unreachable', text: message }))
    this.#socket.on('close', () => this.#end({ kind: 'unreachable', text: 'the connection was closed' }))
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
  }

  /** Lost like any packet as long as it isn't up. */
  sendVoice(payload: Uint8Array): void {
    this.#talks = true
    this.#send('audio', payload)
  }

  /** Our voice is at its end. */
  endVoice(): void {
    this.#talks = false
    this.#packetCame = this.#options.clock()
    this.#send('flush')
  }

  close(): void {
    this.#end({ kind: 'closed' })
  }

  #take(bytes: Uint8Array): void {
    if (this.#ended) return
    const message = readMessage(bytes, this.#options.protocol)
    if (message === undefined) return
    if (message.kind === 'talker-start' || message.kind === 'talker-stop') {
      const { kind, talkgroup, callsign } = message
      if (!this.#isUp || (talkgroup ?? this.#options.talkgroup) !== this.#options.talkgroup) return
      this.#ears.turn({
        kind: kind === 'talker-start' ? 'begins' : 'over',
        callsign: callsign === callsignAt(this.#options) ? null : callsign,
      })
      return
    }
    const before = this.#entry
    const { entry, say } = proceed(before, message, this.#options)
    this.#entry = entry
    if (say !== undefined) this.#say(say)
    if (entry.at === 'refused') this.#end({ kind: 'refused', why: entry.why })
    else if (entry.at === 'in' && before.at !== 'in') this.#openPackets(entry.client)
  }

  #openPackets(client: number): void {
    const address = this.#socket.remoteAddress
    if (address === undefined) return
    this.#packetCame = this.#options.clock()
    const packets = createSocket(this.#socket.remoteFamily === 'IPv6' ? 'udp6' : 'udp4')
    this.#packets = packets
    // An answer that nobody listens there says the same as none: the tick sees it.
    packets.on('error', () => undefined)
    packets.on('connect', () => {
      this.#client = client
      this.#send('heartbeat')
    })
    packets.on('message', (bytes) => {
      const packet = readPacket(bytes, client)
      if (packet === undefined || this.#ended) return
      this.#packetCame = this.#options.clock()
      if (!this.#isUp) {
        this.#isUp = true
        this.#ears.up()
      }
      this.#ears.packet(packet)
    })
    packets.connect(this.#options.port, address)
  }

  #tick(): void {
    const now = this.#options.clock()
    if (this.#socket.connecting) {
      if (now - this.#began > CONNECT_MS) this.#end({ kind: 'unreachable', text: 'no answer' })
      return
    }
    if (now - this.#messageWent >= HEARTBEAT_MS) this.#say(heartbeat)
    if (now - this.#messageCame > SILENT_MS) this.#end({ kind: 'silent' })
    else if (this.#packets !== undefined && !this.#talks) this.#askForPackets(now)
  }

  #askForPackets(now: number): void {
    const quiet = now - this.#packetCame
    if (quiet > DEAF_MS) this.#end({ kind: 'no-packets' })
    else if ((!this.#isUp || quiet > QUIET_MS) && now - this.#asked >= ASK_MS) {
      this.#asked = now
      // The end of a voice is answered, also where there was none.
      this.#send('flush')
    } else if (now - this.#packetWent >= PACKET_MS) this.#send('heartbeat')
  }

  #say(message: Uint8Array): void {
    this.#messageWent = this.#options.clock()
    this.#socket.write(framed(message))
  }

  #send(kind: 'heartbeat' | 'audio' | 'flush', payload?: Uint8Array): void {
    if (this.#client === undefined || this.#ended) return
    this.#packetWent = this.#options.clock()
    const packet = writePacket(kind, this.#client, this.#sequence, payload)
    this.#sequence = (this.#sequence + 1) & 0xffff
    // What can't be sent is lost, and missed by the tick.
    this.#packets?.send(packet, () => undefined)
  }

  #end(end: VisitEnd): void {
    if (this.#ended) return
    this.#ended = true
    clearInterval(this.#timer)
    this.#socket.destroy()
    this.#packets?.close()
    this.#ears.ended(end)
  }
}
