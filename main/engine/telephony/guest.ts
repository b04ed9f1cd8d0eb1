/** Somebody from another seat in a conversation of this one: hears all of it, and is heard as the mode says. */
import type { ListeningMode } from '../../../contract/supervision.ts'
import type { Bridge, Member } from '../media/bridge.ts'
import type { Leg } from '../media/leg.ts'

/** A conversation, and the leg to the officer whose seat it is at. */
export interface GuestRoom {
  readonly bridge: Bridge
  readonly officer: Leg
}

export class Guest {
  readonly #leg: Leg
  readonly #onCallOver: () => void
  #mode: ListeningMode
  #room: GuestRoom | undefined
  #member: Member | undefined
  #onLeave: () => void = () => undefined

  /** `onCallOver`: the call has ended, and the guest is out of it. */
  constructor(leg: Leg, mode: ListeningMode, onCallOver: () => void) {
    this.#leg = leg
    this.#mode = mode
    this.#onCallOver = onCallOver
  }

  enter(room: GuestRoom): void {
    this.#member?.remove()
    this.#room = room
    this.#member = room.bridge.add(this.#leg)
    this.#settle()
  }

  setMode(mode: ListeningMode): void {
    this.#mode = mode
    this.#settle()
  }

  onLeave(listener: () => void): void {
    this.#onLeave = listener
  }

  leave(): void {
    this.#member?.remove()
    this.#member = undefined
    this.#room = undefined
    this.#onLeave()
  }

  callOver(): void {
    this.leave()
    this.#onCallOver()
  }

  #settle(): void {
    if (this.#member === undefined || this.#room === undefined) return
    this.#member.muted = this.#mode === 'listen'
    this.#member.heardBy = this.#mode === 'whisper' ? [this.#room.officer] : undefined
  }
}
