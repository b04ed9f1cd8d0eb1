/** What a number is doing, for lamps: from its dialogues (RFC 4235), and from its presence where there is one. */
import type { NumberState } from '../../../../contract/favourites.ts'
import type { Agent } from './agent.ts'
import { numberStateOf } from './dialog-info.ts'
import { isReachable } from './presence.ts'
import { Subscribing } from './subscribing.ts'

export class Watching {
  readonly #subscriptions: readonly Subscribing[]
  readonly #hear: (state: NumberState) => void
  #state: NumberState = 'unknown'
  #dialogues: NumberState = 'unknown'
  /** Null as long as the exchange has not said. */
  #reachable: boolean | null = null

  constructor(agent: Agent, number: string, hear: (state: NumberState) => void, random: () => number) {
    this.#hear = hear
    hear('unknown')
    const dialogues = new Subscribing(agent, {
      number,
      event: 'dialog',
      accept: 'application/dialog-info+xml',
      random,
      // Exchanges that know of no dialogue may send nothing rather than an empty list.
      told: (document) => this.#become({ dialogues: document === '' ? 'idle' : numberStateOf(document) }),
      lost: (absent) => this.#become({ dialogues: absent ? 'offline' : 'unknown' }),
    })
    const presence = new Subscribing(agent, {
      number,
      event: 'presence',
      accept: 'application/pidf+xml',
      random,
      // Whoever was there and is told of no more has gone; of phones that never tell nothing is known.
      told: (document) => this.#become({ reachable: isReachable(document) ?? (this.#reachable && false) }),
      lost: () => this.#become({ reachable: null }),
    })
    this.#subscriptions = [dialogues, presence]
  }

  stop(): void {
    for (const one of this.#subscriptions) one.stop()
  }

  /** The exchange does not answer: what it has said of the number is not known any more. */
  doubt(): void {
    for (const one of this.#subscriptions) one.doubt()
  }

  /** The exchange is back. */
  hurry(): void {
    for (const one of this.#subscriptions) one.hurry()
  }

  #become({
    dialogues = this.#dialogues,
    reachable = this.#reachable,
  }: {
    readonly dialogues?: NumberState
    readonly reachable?: boolean | null
  }): void {
    this.#dialogues = dialogues
    this.#reachable = reachable
    const talks = dialogues === 'ringing' || dialogues === 'busy'
    const state = reachable === false && !talks ? 'offline' : dialogues
    if (state === this.#state) return
    this.#state = state
    this.#hear(state)
  }
}
