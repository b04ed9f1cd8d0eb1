/** The keys that are down on one channel: the page's, a footswitch, a patch. The last that comes up releases it. */

/** Who presses, and who goes before whom. Only for a person the microphone goes out. */
export const pressers = ['tone', 'person', 'patch', 'room'] as const
export type Presser = (typeof pressers)[number]

interface PressedKey {
  readonly by: Presser
  /** What it asked for was refused or cut: it has to come up before it can do anything again. */
  spent: boolean
}

export class KeysDown {
  readonly #keys = new Map<symbol, PressedKey>()

  /** Whether a key of this kind is down, spent or not. */
  isDown(by: Presser): boolean {
    return [...this.#keys.values()].some((key) => key.by === by)
  }

  /** Whether somebody of this kind keeps the channel keyed. */
  holds(by: Presser): boolean {
    return [...this.#keys.values()].some((key) => key.by === by && !key.spent)
  }

  /** `first`: no other key keeps the channel keyed. */
  press(by: Presser): { readonly key: symbol; readonly first: boolean } {
    const first = !this.#anyHolds()
    const key = Symbol(by)
    this.#keys.set(key, { by, spent: false })
    return { key, first }
  }

  /** True if it was the last that kept the channel keyed, or the last of the spent ones. */
  release(key: symbol): boolean {
    const released = this.#keys.get(key)
    this.#keys.delete(key)
    return released !== undefined && (released.spent ? this.#keys.size === 0 : !this.#anyHolds())
  }

  /** Those that are down now do nothing more. */
  spend(): void {
    for (const key of this.#keys.values()) key.spent = true
  }

  #anyHolds(): boolean {
    return [...this.#keys.values()].some(({ spent }) => !spent)
  }
}
