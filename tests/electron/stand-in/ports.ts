/**
 * MessagePorts across main, utility processes and pages. A channel is a pair of ends joined for life; whoever holds
 * an end may give it away in a message. Messages are text (see clone.js), keep their order, and wait at their end
 * until it is read; closing comes after them.
 */
import { EventEmitter } from 'node:events'
import { codec } from './codec.ts'
import { strict } from './unknown.ts'

export interface Message {
  readonly text: string
  readonly ports: readonly End[]
}

const CLOSED = 'closed'

/** Where messages for one port arrive, wherever that port may be at the time. */
export class End {
  #peer: End | undefined
  #waiting: (Message | typeof CLOSED)[] = []
  #read: (() => void) | undefined

  static pair(): [End, End] {
    const one = new End()
    const two = new End()
    one.#peer = two
    two.#peer = one
    return [one, two]
  }

  /** Sends to the other end. Where there is none any more, the ports that came along are closed. */
  post(message: Message): void {
    if (this.#peer === undefined) for (const port of message.ports) port.close()
    else this.#peer.#arrive(message)
  }

  close(): void {
    const peer = this.#peer
    this.#peer = undefined
    for (const item of this.#waiting.splice(0))
      if (item !== CLOSED) for (const port of item.ports) port.close()
    if (peer === undefined) return
    peer.#peer = undefined
    peer.#arrive(CLOSED)
  }

  /** `read` is called whenever something waits, and takes it. It replaces the reader before. */
  read(read: (() => void) | undefined): void {
    this.#read = read
    if (this.#waiting.length > 0) read?.()
  }

  take(): Message | typeof CLOSED | undefined {
    return this.#waiting.shift()
  }

  #arrive(item: Message | typeof CLOSED): void {
    this.#waiting.push(item)
    this.#read?.()
  }
}

/** The ends that ports hold. A port that was transferred holds none. */
const ends = new WeakMap<MessagePortMain, End>()

/** Electron's MessagePortMain (electronjs.org/docs/latest/api/message-port-main). */
export class MessagePortMain extends EventEmitter {
  #started = false
  #closed = false

  constructor(end: End) {
    super()
    ends.set(this, end)
  }

  postMessage(message: unknown, transfer: readonly MessagePortMain[] = []): void {
    const end = ends.get(this)
    if (this.#closed || end === undefined) return
    const text = codec.encode(message)
    const source = transfer.indexOf(this)
    if (source >= 0) throw new Error(`Port at index ${source} contains the source port.`)
    end.post({ text, ports: transferred(transfer) })
  }

  start(): void {
    if (this.#closed || this.#started) return
    this.#started = true
    this.#listen()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    ends.get(this)?.close()
    this.emit('close')
  }

  /** Each message is an event of its own, later: never while somebody is still sending. */
  #listen(): void {
    const end = ends.get(this)
    end?.read(() => {
      end.read(undefined)
      setImmediate(() => this.#hear())
    })
  }

  #hear(): void {
    const item = ends.get(this)?.take()
    this.#listen()
    if (item === CLOSED) this.close()
    else if (item !== undefined) this.emit('message', messageEvent(item))
  }
}
strict('MessagePortMain', MessagePortMain.prototype)

/** Electron's MessageChannelMain (electronjs.org/docs/latest/api/message-channel-main). */
export class MessageChannelMain {
  readonly port1: MessagePortMain
  readonly port2: MessagePortMain

  constructor() {
    const [one, two] = End.pair()
    this.port1 = new MessagePortMain(one)
    this.port2 = new MessagePortMain(two)
  }
}

export const messageEvent = ({ text, ports }: Message) => ({
  data: codec.decode(text),
  ports: ports.map((end) => new MessagePortMain(end)),
})

/** Detaches ports that are given away; throws as Electron does, and detaches none, if one of them can't be. */
export function transferred(ports: readonly MessagePortMain[]): End[] {
  if (!Array.isArray(ports)) throw new TypeError('transferables must be an array of MessagePorts')
  for (const [index, port] of ports.entries()) {
    if (!(port instanceof MessagePortMain)) throw new TypeError(`Port at index ${index} is not a valid port`)
    if (ports.indexOf(port) < index) throw new Error(`Port at index ${index} is a duplicate.`)
    if (!ends.has(port)) throw new Error(`Port at index ${index} is already neutered.`)
  }
  return ports.flatMap((port) => {
    const end = ends.get(port)
    ends.delete(port)
    end?.read(undefined)
    return end ?? []
  })
}

/** What two processes say to each other about the ends one of them holds for the other. */
export type LinkMessage =
  | { readonly kind: 'port'; readonly port: string; readonly text: string; readonly ports: readonly string[] }
  | { readonly kind: 'port-closed'; readonly port: string }

/**
 * The ends whose ports are on the other side: in a page's document or in another process. `Own` is what the two
 * sides say to each other besides.
 */
export class Link<Own> {
  readonly #ends = new Map<string, End>()
  readonly #side: string
  readonly #send: (message: Own | LinkMessage) => void
  #lastId = 0
  #gone = false

  /** `side` tells the ids that this side gives from those of the other. */
  constructor(side: string, send: (message: Own | LinkMessage) => void) {
    this.#side = side
    this.#send = send
  }

  /** Sends what `carry` makes of the ends' ids; what waits at these ends follows. */
  post(ends: readonly End[], carry: (ports: readonly string[]) => Own | LinkMessage): void {
    if (this.#gone) {
      for (const end of ends) end.close()
      return
    }
    const ids = ends.map(() => `${this.#side}${++this.#lastId}`)
    this.#send(carry(ids))
    for (const [index, end] of ends.entries()) this.#forward(ids[index] ?? '', end)
  }

  /** The ends here of ports whose other ends are over there. */
  take(ids: readonly string[]): End[] {
    return ids.map((id) => {
      const [here, there] = End.pair()
      this.#forward(id, there)
      return here
    })
  }

  hear(message: LinkMessage): void {
    const end = this.#ends.get(message.port)
    if (message.kind === 'port-closed') {
      this.#ends.delete(message.port)
      end?.close()
      return
    }
    const ports = this.take(message.ports)
    if (end === undefined) for (const port of ports) port.close()
    else end.post({ text: message.text, ports })
  }

  /** The other side is no more. */
  close(): void {
    this.#gone = true
    for (const end of this.#ends.values()) end.close()
    this.#ends.clear()
  }

  #forward(id: string, end: End): void {
    this.#ends.set(id, end)
    end.read(() => {
      for (let item = end.take(); item !== undefined; item = end.take()) {
        if (item === CLOSED) {
          this.#ends.delete(id)
          if (!this.#gone) this.#send({ kind: 'port-closed', port: id })
        } else {
          const { text } = item
          this.post(item.ports, (ports) => ({ kind: 'port', port: id, text, ports }))
        }
      }
    })
  }
}
