/**
 * This seat's settings, as main keeps them. What is changed here holds at once, so that the next change builds on it,
 * and until main has said what came of it.
 */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import {
  defaultSettings,
  type SeatSettings,
  type SettingsChange,
  withChange,
} from '../../../contract/settings.ts'

interface Wanted {
  readonly id: string
  readonly change: SettingsChange
}

interface SettingsState {
  readonly known: boolean
  /** As main told them last. */
  readonly kept: SeatSettings
  /** On their way to main, in their order. */
  readonly wanted: readonly Wanted[]
  readonly seat: SeatSettings
}

const stateOf = (known: boolean, kept: SeatSettings, wanted: readonly Wanted[]): SettingsState => ({
  known,
  kept,
  wanted,
  seat: wanted.reduce((seat, { change }) => withChange(seat, change), kept),
})

/** What is as it was before stays the same object: nothing is drawn anew for it. */
const withSame = (before: SeatSettings, now: SeatSettings): SeatSettings =>
  Object.fromEntries(
    Object.entries(now).map(([name, value]) => {
      const known = before[name as keyof SeatSettings]
      return [name, JSON.stringify(known) === JSON.stringify(value) ? known : value]
    }),
  ) as SeatSettings

export const settings = createSlice({
  name: 'settings',
  initialState: stateOf(false, defaultSettings, []),
  reducers: {
    settingsChanged: ({ kept, wanted }, { payload }: PayloadAction<SeatSettings>): SettingsState =>
      stateOf(true, withSame(kept, payload), wanted),
    changeWanted: ({ known, kept, wanted }, { payload }: PayloadAction<Wanted>): SettingsState =>
      stateOf(known, kept, [...wanted, payload]),
    /** Main has it, or would not have it. */
    changeAnswered: ({ known, kept, wanted }, { payload }: PayloadAction<string>): SettingsState =>
      stateOf(
        known,
        kept,
        wanted.filter(({ id }) => id !== payload),
      ),
  },
})
export const { changeAnswered, changeWanted, settingsChanged } = settings.actions
