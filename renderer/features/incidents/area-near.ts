/** The area that a place is probably in: nobody has drawn their borders. Pure. */
import { type Area, areaLevels } from '../../../contract/directory.ts'
import { type Id, metresBetween, type Place } from '../../../contract/primitives.ts'

/** The lowest area whose centre is known and nearest, or null if none is. */
export function areaNear(areas: Readonly<Record<Id, Area>>, place: Place): Id | null {
  let best: { id: Id; metres: number; level: number } | undefined
  for (const { id, centre, level } of Object.values(areas)) {
    if (centre === undefined) continue
    const depth = areaLevels.indexOf(level)
    const metres = metresBetween(centre, place)
    if (best === undefined || depth > best.level || (depth === best.level && metres < best.metres))
      best = { id, metres, level: depth }
  }
  return best?.id ?? null
}
