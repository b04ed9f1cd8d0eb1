/** Who may know of an alarm. Pure. */

import type { Id, Instant } from '../../contract/primitives.ts'
import { mayOnChannel } from '../../contract/radio-rules.ts'
import type { SharedState } from '../../contract/state.ts'
import { currentGrants, visibleUnit } from '../../contract/visibility.ts'

/** Of one that is over, or never was, nothing is known here: whoever knows its id was told of it. */
export function seesAlarm(state: SharedState, account: Id, id: string, now: Instant): boolean {
  const alarm = state.radio.alarms[id]
  if (alarm === undefined) return true
  if (alarm.channel === null)
    return alarm.unit !== null && visibleUnit(state, account, alarm.unit, now) !== undefined
  const channel = state.directory.channels[alarm.channel]
  return (
    channel !== undefined &&
    mayOnChannel(currentGrants(state, account), 'view', state.directory, channel, now)
  )
}
