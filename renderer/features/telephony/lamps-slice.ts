/** What the favourites are doing, as the engine tells it. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import type { NumberLamps } from '../../../contract/favourites.ts'
import { engineWent } from '../status/slice.ts'

const nobody: NumberLamps = {}

export const lamps = createSlice({
  name: 'lamps',
  initialState: nobody,
  reducers: {
    lampsChanged: (_state, { payload }: PayloadAction<NumberLamps>) => payload,
  },
  // Without it nothing is known of anybody.
  extraReducers: (builder) => builder.addCase(engineWent, () => nobody),
})
export const { lampsChanged } = lamps.actions
