/** Somebody from another seat in a conversation of this one: hears all of it, and is heard as the mode says. */
import type { ListeningMode } from '../../../contract/supervision.ts'
import type { Bridge, Member } from '../media/bridge.ts'
import type { Leg } from '../media/leg.ts'

/** A conversation, and the leg to the officer whose seat it is at. */
export interface GuestRoom {
  readonly bridge: Bridge
  readonly officer: Leg
}

/** Who goes where a call goes, and out of the conversation with it. */
export interface Visitor {
  enter(room: GuestRoom): void
  onLeave(listener: () => void): void
  callOver(): void
}

export class Guest implements Visitor {
  readonly #leg: Leg
  readonly #onCallOver: () => void
  #mode: ListeningMode
  #room: GuestRoom | undefined
  #member: Member | undefined
  #stopListening: (() => void) | undefined
  #onLeave: () => void = () => undefined

  /** `onCallOver`: the call has ended, and the guest is out of it. */
  constructor(leg: Leg, mode: ListeningMode, onCallOver: () => void) {
    this.#leg = leg
    this.#mode = mode
    this.#onCallOver = onCallOver
  }

  enter(room: GuestRoom): void {
    this.#move(undefined)
    this.#move(room)
  }

  setMode(mode: ListeningMode): void {
    this.#mode = mode
    this.#settle()
  }

  onLeave(listener: () => void): void {
    this.#onLeave = listener
  }

  leave(): void {
    this.#move(undefined)
    this.#onLeave()
  }

  callOver(): void {
    this.leave()
    this.#onCallOver()
  }

  #move(room: GuestRoom | undefined): void {
    this.#room = room
    this.#settle()
  }

  /** Who only listens is no member of the bridge: nothing that comes from there has a way in. */
  #settle(): void {
    const room = this.#room
    const mode = room && this.#mode
    if (mode !== 'listen') {
      this.#stopListening?.()
      this.#stopListening = undefined
    }
    if (mode !== 'whisper' && mode !== 'barge') {
      this.#member?.remove()
      this.#member = undefined
    }
    if (room === undefined) return
    if (mode === 'listen') this.#stopListening ??= room.bridge.overhear(this.#leg)
    else {
      this.#member ??= room.bridge.add(this.#leg)
      this.#member.heardBy = mode === 'whisper' ? [room.officer] : undefined
    }
  }
}
