/** The directory as the rows of a tree: what is open, what matches, what is counted. Pure. */
import { type Agency, type Area, areaPath, type Directory, type Unit } from '../../../contract/directory.ts'
import type { Id } from '../../../contract/primitives.ts'

export type Grouping = 'area' | 'agency'

export type Row =
  | {
      readonly kind: 'area'
      readonly key: string
      readonly depth: number
      readonly area: Area
      readonly units: number
      readonly open: boolean
    }
  | {
      readonly kind: 'agency'
      readonly key: string
      readonly depth: number
      readonly agency: Agency
      readonly units: number
      readonly open: boolean
    }
  | { readonly kind: 'unit'; readonly key: string; readonly depth: number; readonly unit: Unit }

/** A directory put in order once, so that opening a branch is quick. */
export interface Branches {
  readonly grouping: Grouping
  readonly directory: Directory
  readonly areasUnder: ReadonlyMap<Id | null, readonly Area[]>
  readonly unitsOf: ReadonlyMap<Id, readonly Unit[]>
  /** Units in an area and everything below it, or of an agency. */
  readonly counts: ReadonlyMap<Id, number>
}

/** `matching` limits the tree to these units and to these areas or agencies with all they hold. */
export interface Matching {
  readonly units: ReadonlySet<Id>
  readonly groups: ReadonlySet<Id>
}

export function branch(directory: Directory, grouping: Grouping, matching?: Matching): Branches {
  const units = Object.values(directory.units)
    .filter((unit) => matching === undefined || matches(directory, unit, grouping, matching))
    .toSorted((a, b) => a.index - b.index)
  const unitsOf = Map.groupBy(units, (unit) => (grouping === 'area' ? unit.area : unit.agency))
  const counts = new Map<Id, number>()
  for (const [group, members] of unitsOf)
    for (const id of grouping === 'area' ? areaPath(directory.areas, group) : [group])
      counts.set(id, (counts.get(id) ?? 0) + members.length)
  const areasUnder = Map.groupBy(Object.values(directory.areas), ({ parent }) => parent)
  return { grouping, directory, areasUnder, unitsOf, counts }
}

function matches(directory: Directory, unit: Unit, grouping: Grouping, { units, groups }: Matching): boolean {
  if (units.has(unit.id)) return true
  return grouping === 'area'
    ? areaPath(directory.areas, unit.area).some((area) => groups.has(area))
    : groups.has(unit.agency)
}

/** The rows that show when these branches are open. Empty branches are left out. */
export function rowsOf(branches: Branches, isOpen: (key: string, depth: number) => boolean): Row[] {
  const rows: Row[] = []
  const addUnits = (group: Id, depth: number) => {
    for (const unit of branches.unitsOf.get(group) ?? [])
      rows.push({ kind: 'unit', key: `unit/${unit.id}`, depth, unit })
  }
  const addAreas = (parent: Id | null, depth: number) => {
    for (const area of branches.areasUnder.get(parent) ?? []) {
      const units = branches.counts.get(area.id) ?? 0
      if (units === 0) continue
      const key = `area/${area.id}`
      const open = isOpen(key, depth)
      rows.push({ kind: 'area', key, depth, area, units, open })
      if (!open) continue
      addAreas(area.id, depth + 1)
      addUnits(area.id, depth + 1)
    }
  }
  if (branches.grouping === 'area') addAreas(null, 0)
  else
    for (const agency of Object.values(branches.directory.agencies)) {
      const units = branches.counts.get(agency.id) ?? 0
      if (units === 0) continue
      const key = `agency/${agency.id}`
      const open = isOpen(key, 0)
      rows.push({ kind: 'agency', key, depth: 0, agency, units, open })
      if (open) addUnits(agency.id, 1)
    }
  return rows
}

/** The row above that holds this one, or undefined for a root. */
export function parentOf(rows: readonly Row[], at: number): number | undefined {
  const depth = rows[at]?.depth ?? 0
  for (let above = at - 1; above >= 0; above--) if ((rows[above]?.depth ?? 0) < depth) return above
  return undefined
}
