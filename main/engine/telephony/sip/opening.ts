/** A socket that is opened once, however many ask for it at the same time, and that may be taken away meanwhile. */
export class Opening<Socket> {
  readonly #connect: (signal: AbortSignal) => Promise<Socket>
  #socket: Socket | undefined
  #opening: Promise<void> | undefined
  #giveUp = new AbortController()

  /** `connect` need not heed the signal; who does is given up sooner. */
  constructor(connect: (signal: AbortSignal) => Promise<Socket>) {
    this.#connect = connect
  }

  /** Undefined unless it is open. */
  get socket(): Socket | undefined {
    return this.#socket
  }

  async open(): Promise<void> {
    if (this.#socket !== undefined) return
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined
    })
    await this.#opening
  }

  /** Gives up an opening under way. What was open, if anything, is the caller's to close. */
  async take(): Promise<Socket | undefined> {
    this.#giveUp.abort()
    await this.#opening?.catch(() => undefined)
    this.#giveUp = new AbortController()
    return this.drop()
  }

  /** As `take`, without waiting for an opening under way. */
  drop(): Socket | undefined {
    const socket = this.#socket
    this.#socket = undefined
    return socket
  }

  /** It has closed by itself. False if it was another that is not used any more. */
  lost(socket: Socket): boolean {
    if (socket !== this.#socket) return false
    this.#socket = undefined
    return true
  }

  async #open(): Promise<void> {
    this.#socket = await this.#connect(this.#giveUp.signal)
  }
}
