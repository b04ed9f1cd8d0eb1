/** What a record may be tied to. Pure. */
import { seesIncident } from '../../contract/incident-rules.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import type { SharedState } from '../../contract/state.ts'
import { currentGrants } from '../../contract/visibility.ts'

/** Those of these incidents that there are and that the account sees: a record is kept whatever it says it belongs to. */
export const tied = (state: SharedState, account: Id, incidents: readonly Id[], now: Instant): Id[] => {
  const grants = currentGrants(state, account)
  return incidents.filter((id) => {
    const incident = state.incidents.live[id]
    return incident !== undefined && seesIncident(state, grants, incident, now)
  })
}
