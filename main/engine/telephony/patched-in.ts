/** A radio channel in a conversation: the officer has it in the ear already, all others hear it, and it hears all. */
import type { Member } from '../media/bridge.ts'
import type { Leg } from '../media/leg.ts'
import type { GuestRoom, Visitor } from './guest.ts'

export class PatchedIn implements Visitor {
  readonly #leg: Leg
  readonly #onCallOver: () => void
  #member: Member | undefined
  #onLeave: () => void = () => undefined

  /** `onCallOver`: the call has ended, and the channel is out of it. */
  constructor(leg: Leg, onCallOver: () => void) {
    this.#leg = leg
    this.#onCallOver = onCallOver
  }

  enter({ bridge, officer }: GuestRoom): void {
    this.#member?.remove()
    this.#member = bridge.add(this.#leg)
    this.#member.hiddenFrom = officer
  }

  onLeave(listener: () => void): void {
    this.#onLeave = listener
  }

  leave(): void {
    this.#member?.remove()
    this.#member = undefined
    this.#onLeave()
  }

  callOver(): void {
    this.leave()
    this.#onCallOver()
  }
}
