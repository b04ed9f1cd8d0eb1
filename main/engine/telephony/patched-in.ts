/**
 * A radio channel or a room in a conversation: the officer has it in the ear already, all others hear it, and it hears
 * all; a room hears the officer already, too.
 */
import type { Member } from '../media/bridge.ts'
import type { Leg } from '../media/leg.ts'
import type { GuestRoom, Visitor } from './guest.ts'

export class PatchedIn implements Visitor {
  readonly #leg: Leg
  readonly #hearsOfficer: boolean
  readonly #onCallOver: () => void
  #member: Member | undefined
  #officer: Member | undefined
  #onLeave: () => void = () => undefined

  /** `onCallOver`: the call has ended, and it is out of it. */
  constructor(leg: Leg, hearsOfficer: boolean, onCallOver: () => void) {
    this.#leg = leg
    this.#hearsOfficer = hearsOfficer
    this.#onCallOver = onCallOver
  }

  enter({ bridge, officer }: GuestRoom): void {
    this.#goOut()
    this.#member = bridge.add(this.#leg)
    this.#member.hiddenFrom = officer
    if (this.#hearsOfficer) return
    this.#officer = bridge.add(officer)
    this.#officer.hiddenFrom = this.#leg
  }

  onLeave(listener: () => void): void {
    this.#onLeave = listener
  }

  leave(): void {
    this.#goOut()
    this.#onLeave()
  }

  callOver(): void {
    this.leave()
    this.#onCallOver()
  }

  #goOut(): void {
    this.#member?.remove()
    this.#member = undefined
    if (this.#officer !== undefined) this.#officer.hiddenFrom = undefined
    this.#officer = undefined
  }
}
