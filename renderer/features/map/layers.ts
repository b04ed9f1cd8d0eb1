/** The names under which a seat remembers which layers are switched off. */
import type { AgencyKind } from '../../../contract/directory.ts'

export const INCIDENT_LAYER = 'incidents'
export const agencyLayer = (kind: AgencyKind): string => `agency-${kind}`
