/** A queue between whoever calls and whoever iterates: pushes never wait, iteration ends when `signal` aborts. */
export class Inbox<T> implements AsyncIterable<T> {
  #waiting: T[] = []
  #wake: (() => void) | undefined
  #ended = false

  constructor(signal?: AbortSignal) {
    if (signal?.aborted) this.#ended = true
    signal?.addEventListener('abort', () => this.end(), { once: true })
  }

  push(value: T): void {
    if (this.#ended) return
    this.#waiting.push(value)
    this.#wake?.()
  }

  /** How many values nobody has taken yet. */
  get length(): number {
    return this.#waiting.length
  }

  /** Drops what waits and puts `value` in its place. */
  replace(value: T): void {
    this.#waiting = []
    this.push(value)
  }

  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    while (!this.#ended) {
      const next = this.#waiting.shift()
      if (next !== undefined) yield next
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }
}
