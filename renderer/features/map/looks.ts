/** How each unit looks on the map, from the directory: columns by unit index. Pure. */
import type { AgencyKind, Directory } from '../../../contract/directory.ts'
import type { Language } from '../../../contract/settings.ts'
import { lookOf, NO_LOOK } from './symbol-atlas.ts'
import type { UnitLooks } from './unit-layer.ts'

/** Units of hidden agencies have no look, and so are not drawn. */
export function looksOf(
  { units, agencies }: Directory,
  hidden: ReadonlySet<AgencyKind>,
  language: Language,
): UnitLooks {
  const all = Object.values(units)
  const size = all.reduce((most, { index }) => Math.max(most, index + 1), 0)
  const looks = new Uint16Array(size).fill(NO_LOOK)
  const names = new Array<string | undefined>(size)
  for (const { index, agency, kind, state, name } of all) {
    const agencyKind = agencies[agency]?.kind ?? 'other'
    names[index] = name[language]
    if (!hidden.has(agencyKind)) looks[index] = lookOf(agencyKind, kind, state)
  }
  return { looks, names }
}
