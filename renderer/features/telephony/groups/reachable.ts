/** Who can be reached on the telephone. */
import type { Unit } from '../../../../contract/directory.ts'

/** The number of a unit's first telephone, undefined if it has none. */
export function numberOf({ terminals }: Unit): string | undefined {
  const terminal = terminals.find(({ kind }) => kind === 'sip')
  return terminal?.kind === 'sip' ? terminal.number : undefined
}
