/** Finds what is sought among the units that this seat sees, and selects it. */
import type { Id } from '../../../contract/primitives.ts'
import { store } from '../../app/store.ts'
import { positions } from '../map/position-store.ts'
import { unitsSelected } from '../units/selection.ts'
import { combined } from './choosing.ts'
import { findUnits, type Sought } from './finding.ts'
import { type Adjustment, adjusted, found } from './slice.ts'

/** Whatever the filter lets through of it comes together with what is selected. */
export function seek(sought: Sought): void {
  settle(sought, store.getState().selection.units)
}

/** Changes how it is sought; what was found last is found anew. */
export function adjust(change: Adjustment): void {
  store.dispatch(adjusted(change))
  const { finding } = store.getState().selecting
  if (finding === null) return
  const { sought, before } = finding
  const { widthM } = change
  const widened = widthM !== undefined && sought.kind === 'shape' && sought.shape.kind === 'corridor'
  settle(widened ? { kind: 'shape', shape: { ...sought.shape, widthM } } : sought, before)
}

/** Another radius of the circle that was drawn last, m. */
export function resize(radiusM: number): void {
  const { finding } = store.getState().selecting
  if (finding?.sought.kind !== 'shape' || finding.sought.shape.kind !== 'circle') return
  settle({ kind: 'shape', shape: { ...finding.sought.shape, radiusM } }, finding.before)
}

function settle(sought: Sought, before: readonly Id[]): void {
  const { selecting, shared } = store.getState()
  const { combining, filter } = selecting
  const ids = findUnits(sought, { directory: shared.state.directory, places: positions, filter })
  store.dispatch(unitsSelected(combined(before, ids, combining)))
  store.dispatch(found({ sought, before, found: ids.length }))
}
