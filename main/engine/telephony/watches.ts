/** Watches over numbers that outlive whatever they go through: a server's port, a line. */
import type { NumberState } from '../../../contract/favourites.ts'

/** What can tell what a number is doing, at once and with every change; returns how to stop. */
export interface NumberWatcher {
  watch(number: string, hear: (state: NumberState) => void): () => void
}

interface Watch {
  readonly number: string
  hear(state: NumberState): void
  stop: (() => void) | undefined
}

export class Watches implements NumberWatcher {
  readonly #watches = new Set<Watch>()
  #through: NumberWatcher | undefined

  watch(number: string, hear: (state: NumberState) => void): () => void {
    const watch: Watch = { number, hear, stop: undefined }
    this.#watches.add(watch)
    this.#begin(watch)
    return () => {
      this.#watches.delete(watch)
      watch.stop?.()
    }
  }

  /** Goes through this one from now on; undefined: nothing can be asked, and what was heard may be no longer true. */
  use(through: NumberWatcher | undefined): void {
    if (through === this.#through) return
    this.#through = through
    for (const watch of this.#watches) {
      watch.stop?.()
      this.#begin(watch)
    }
  }

  #begin(watch: Watch): void {
    const { number, hear } = watch
    watch.stop = undefined
    if (this.#through === undefined) hear('unknown')
    else watch.stop = this.#through.watch(number, hear)
  }
}
