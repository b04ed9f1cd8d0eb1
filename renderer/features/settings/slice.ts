/** This seat's settings, as main keeps them. Changes go through the engine and come back. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import { defaultSettings, type SeatSettings } from '../../../contract/settings.ts'

interface SettingsState {
  readonly known: boolean
  readonly seat: SeatSettings
}

const initialState: SettingsState = { known: false, seat: defaultSettings }

export const settings = createSlice({
  name: 'settings',
  initialState,
  reducers: {
    settingsChanged: (_state, { payload }: PayloadAction<SeatSettings>) => ({ known: true, seat: payload }),
  },
})
export const { settingsChanged } = settings.actions
