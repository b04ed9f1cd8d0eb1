/**
 * One way of speaking, two carriers: both contracts run over anything that keeps text and binary
 * messages whole and in order, a WebSocket or a MessagePort. Text is the contract, binary is frames.
 */

export interface Carrier {
  send(message: string | Uint8Array): void
  close(): void
  /** Called once, before any message. `closed` is called at most once, and last. */
  listen(ears: { text(message: string): void; binary(message: ArrayBuffer): void; closed(): void }): void
}

type SocketEvent = 'open' | 'message' | 'close' | 'error'

/**
 * A WebSocket class as tRPC's client wants one, which opens a carrier from `open` each time it is
 * constructed and hands binary messages to `binary`. It reports `open` in a later task, because the
 * client subscribes to it only after construction. Rejection of `open` is reported
 * as `error` and `close`.
 */
export function socketOver(open: () => Promise<Carrier>, binary: (message: ArrayBuffer) => void) {
  return class CarrierSocket extends EventTarget {
    static readonly CONNECTING = 0
    static readonly OPEN = 1
    static readonly CLOSING = 2
    static readonly CLOSED = 3
    readonly CONNECTING = 0
    readonly OPEN = 1
    readonly CLOSING = 2
    readonly CLOSED = 3
    binaryType = 'arraybuffer'
    readyState = 0
    #carrier: Carrier | undefined

    constructor() {
      super()
      setTimeout(() => {
        if (this.readyState === this.CLOSED) return
        open().then(
          (carrier) => this.#opened(carrier),
          // The client waits for one of the two; `close` alone would leave it waiting for good.
          () => {
            this.#tell('error')
            this.#closed()
          },
        )
      })
    }

    send(message: string) {
      if (this.readyState === this.OPEN) this.#carrier?.send(message)
    }

    close() {
      this.#carrier?.close()
      this.#closed()
    }

    #opened(carrier: Carrier) {
      if (this.readyState === this.CLOSED) {
        carrier.close()
        return
      }
      this.#carrier = carrier
      this.readyState = this.OPEN
      carrier.listen({
        text: (data) => this.#tell('message', { data }),
        binary,
        closed: () => this.#closed(),
      })
      this.#tell('open')
    }

    #closed() {
      if (this.readyState === this.CLOSED) return
      this.readyState = this.CLOSED
      this.#tell('close')
    }

    #tell(type: SocketEvent, fields: object = {}) {
      this.dispatchEvent(Object.assign(new Event(type), fields))
    }
  }
}
