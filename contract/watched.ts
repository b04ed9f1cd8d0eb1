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

  async *watch(signal: AbortSignal): AsyncIterable<T> {
    const inbox = new Inbox<{ value: T }>(signal)
    const stop = this.onChange((value) => inbox.replace({ value }))
    try {
      yield this.#value
      for await (const { value } of inbox) yield value
    } finally {
      stop()
    }
  }
}
