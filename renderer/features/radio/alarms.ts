/** The alarms of radios, as this officer has them before the eyes. */
import { createSelector } from '@reduxjs/toolkit'
import type { RadioAlarm } from '../../../contract/radio-journal.ts'
import type { RootState } from '../../app/store.ts'

/** Those that nobody has acknowledged; the oldest first, for it has waited longest. */
export const openAlarms: (state: RootState) => readonly RadioAlarm[] = createSelector(
  ({ shared }: RootState) => shared.state.radio.alarms,
  ({ radio }: RootState) => radio.acknowledged,
  (alarms, acknowledged) =>
    Object.values(alarms)
      .filter(({ id }) => !acknowledged.includes(id))
      .toSorted((a, b) => a.at - b.at),
)
