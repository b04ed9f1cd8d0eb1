/**
 * What is done while an incident is selected belongs to it: a call that this seat makes or answers then, from its
 * first moment, whatever is selected later; and what its officer says on the radio and writes to a unit.
 */
import type { Command } from '../../../contract/commands.ts'
import type { Id } from '../../../contract/primitives.ts'
import type { SharedState } from '../../../contract/state.ts'
import type { Telephone } from '../../../contract/telephony.ts'
import { Watched } from '../../../contract/watched.ts'

/** Records of calls come within moments of their end. */
const MOST_TIES = 1_000

export class Ties {
  readonly selected = new Watched<Id | null>(null)
  /** By call or group call; null: none was selected when it began. */
  readonly #ties = new Map<string, Id | null>()

  select(incident: Id | null): void {
    if (incident !== this.selected.value) this.selected.set(incident)
  }

  /** What is not seen any more is selected no more. */
  follow({ incidents }: SharedState): void {
    const { value } = this.selected
    if (value !== null && incidents.live[value] === undefined) this.select(null)
  }

  /** Ties what has begun. */
  look({ calls, groups }: Pick<Telephone, 'calls' | 'groups'>): void {
    for (const { id, direction, answeredAt } of calls)
      if (direction === 'out' || answeredAt !== null) this.#tie(id)
    for (const { id } of groups) this.#tie(id)
  }

  /** The command, with what the call that it records was tied to, or what is said now is. */
  tied(command: Command): Command {
    if (command.kind === 'call.record') {
      const incident = this.#ties.get(command.call.id)
      return incident == null ? command : { ...command, call: { ...command.call, incident } }
    }
    if (command.kind === 'group-call.record') {
      const incident = this.#ties.get(command.groupCall.id)
      return incident == null ? command : { ...command, groupCall: { ...command.groupCall, incident } }
    }
    if (command.kind === 'transmission.record' && command.transmission.direction === 'out') {
      const { value } = this.selected
      return value === null
        ? command
        : { ...command, transmission: { ...command.transmission, incidents: [value] } }
    }
    if (
      command.kind === 'message.send' &&
      (command.thread.kind === 'unit' || command.thread.kind === 'group')
    ) {
      const { value } = this.selected
      return value === null ? command : { ...command, incident: value }
    }
    return command
  }

  #tie(id: string): void {
    if (this.#ties.has(id)) return
    this.#ties.set(id, this.selected.value)
    for (const oldest of this.#ties.keys()) {
      if (this.#ties.size <= MOST_TIES) break
      this.#ties.delete(oldest)
    }
  }
}
