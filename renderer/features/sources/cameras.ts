/** The cameras that units carry and that may be watched here. Pure. */
import type { Unit } from '../../../contract/directory.ts'
import type { Id } from '../../../contract/primitives.ts'
import type { Source } from '../../../contract/sources.ts'

export const camerasOf = (
  units: readonly (Unit | undefined)[],
  sources: Readonly<Record<Id, Source>>,
): readonly Source[] => {
  const found = units.flatMap((unit) =>
    (unit?.terminals ?? []).flatMap((terminal) =>
      terminal.kind === 'camera' ? (sources[terminal.source] ?? []) : [],
    ),
  )
  return [...new Set(found)]
}
