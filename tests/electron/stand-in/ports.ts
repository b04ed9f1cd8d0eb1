/**
 * MessagePorts across main, pages and utility processes: pairs that are joined for life, and whose ends may
 * be given away in messages. Values are cloned, messages keep their order and wait until their end is
 * started; when an end closes, or whoever held it dies, the other end hears `close`.
 */
import { EventEmitter } from 'node:events'

/** Where an end is, other than in main: it delivers what arrives for the end there. */
export interface Place {
  deliver(port: string, data: unknown, ports: readonly string[]): void
  closed(port: string): void
}

interface End {
  readonly id: string
  peer: End | undefined
  /** Undefined while main holds it. */
  place: Place | undefined
  main: MessagePortMain | undefined
  /** Arrived while nobody listened. */
  waiting: { data: unknown; ports: readonly End[] }[]
}

const ends = new Map<string, End>()
let lastId = 0

/** A new pair; the first may have been named by the place that made it. */
function joined(firstId = `main-${++lastId}`): [End, End] {
  const make = (id: string): End => ({ id, peer: undefined, place: undefined, main: undefined, waiting: [] })
  const one = make(firstId)
  const two = make(`main-${++lastId}`)
  one.peer = two
  two.peer = one
  ends.set(one.id, one)
  ends.set(two.id, two)
  return [one, two]
}

/** Electron's MessagePortMain (electronjs.org/docs/latest/api/message-port-main). */
export class MessagePortMain extends EventEmitter {
  #end: End | undefined
  #started = false

  constructor(end: End) {
    super()
    this.#end = end
    end.main = this
  }

  postMessage(message: unknown, transfer: readonly MessagePortMain[] = []): void {
    const end = this.#end
    const data = structuredClone(message)
    const given = transfer.map((port) => port.giveAway())
    if (end?.peer === undefined) return
    arrive(end.peer, data, given)
  }

  start(): void {
    this.#started = true
    for (const { data, ports } of this.#end?.waiting.splice(0) ?? []) this.hear(data, ports)
  }

  close(): void {
    if (this.#end !== undefined) closeEnd(this.#end)
  }

  /** Takes the end out of this object, which is useless afterwards. */
  giveAway(): End {
    const end = this.#end
    if (end === undefined) throw new Error('a MessagePort can be transferred only once')
    this.#end = undefined
    end.main = undefined
    return end
  }

  hear(data: unknown, ports: readonly End[]): void {
    if (!this.#started) this.#end?.waiting.push({ data, ports })
    else
      setImmediate(() =>
        this.emit('message', { data, ports: ports.map((port) => new MessagePortMain(port)) }),
      )
  }

  gone(): void {
    this.#end = undefined
    setImmediate(() => this.emit('close'))
  }
}

export class MessageChannelMain {
  readonly port1: MessagePortMain
  readonly port2: MessagePortMain

  constructor() {
    const [one, two] = joined()
    this.port1 = new MessagePortMain(one)
    this.port2 = new MessagePortMain(two)
  }
}

function arrive(end: End, data: unknown, ports: readonly End[]): void {
  if (end.place !== undefined)
    end.place.deliver(
      end.id,
      data,
      ports.map((port) => settle(port, end.place as Place)),
    )
  else if (end.main !== undefined) end.main.hear(data, ports)
  else end.waiting.push({ data, ports })
}

/** Puts an end in a place; what waited for it goes there too. The caller delivers the message that brings it first. */
function settle(end: End, place: Place): string {
  end.place = place
  const waiting = end.waiting.splice(0)
  if (waiting.length > 0)
    setImmediate(() => {
      for (const { data, ports } of waiting) arrive(end, data, ports)
    })
  if (end.peer === undefined) setImmediate(() => place.closed(end.id))
  return end.id
}

/** Gives ports of main's to a place, with a message of the caller's own. */
export const sendAway = (ports: readonly MessagePortMain[], place: Place): string[] =>
  ports.map((port) => settle(port.giveAway(), place))

/** A place sends on an end it holds. `given` are ids of ends it gives away: its own new ones, or ones it was given. */
export function sentFrom(place: Place, port: string, data: unknown, given: readonly string[]): void {
  const end = ends.get(port)
  if (end?.place !== place || end.peer === undefined) return
  arrive(end.peer, data, takeFrom(place, given))
}

/** Takes over the ends a place gives away. Ids that main does not know are new ports of that place. */
export function takeFrom(place: Place, ids: readonly string[]): End[] {
  return ids.map((id) => {
    const known = ends.get(id)
    if (known !== undefined) {
      known.place = undefined
      return known
    }
    const [there, here] = joined(id)
    there.place = place
    return here
  })
}

export const mainPorts = (list: readonly End[]): MessagePortMain[] =>
  list.map((end) => new MessagePortMain(end))

export function closedBy(place: Place, port: string): void {
  const end = ends.get(port)
  if (end?.place === place) closeEnd(end)
}

/** Whoever held these ends is gone. */
export function placeGone(place: Place): void {
  for (const end of [...ends.values()]) if (end.place === place) closeEnd(end)
}

function closeEnd(end: End): void {
  ends.delete(end.id)
  end.main?.gone()
  const { peer } = end
  end.peer = undefined
  if (peer === undefined) return
  peer.peer = undefined
  ends.delete(peer.id)
  if (peer.place !== undefined) peer.place.closed(peer.id)
  else peer.main?.gone()
}
