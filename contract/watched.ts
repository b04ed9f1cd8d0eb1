/** A value that others watch: whoever iterates gets it as it is, then as it becomes; only the newest matters. */
import { Inbox } from './inbox.ts'

export class Watched<T> {
  #value: T
  readonly #listeners = new Set<(value: T) => void>()

  constructor(value: T) {
    this.#value = value
  }

  get value(): T {
    return this.#value
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const listener of this.#listeners) listener(value)
  }

  /** Calls `listener` at each change. Returns its own undoing. */
  onChange(listener: (value: T) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** `restMs`: after each value nothing is told for so long; what it has become by then is told at once. */
  async *watch(signal: AbortSignal, restMs = 0): AsyncIterable<T> {
    const inbox = new Inbox<{ value: T }>(signal)
    const stop = this.onChange((value) => inbox.replace({ value }))
    try {
      yield this.#value
      for await (const { value } of inbox) {
        yield value
        if (restMs > 0) await rest(restMs, signal)
      }
    } finally {
      stop()
    }
  }
}

/** Resolves after so long, or as soon as nobody waits any more. */
function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
