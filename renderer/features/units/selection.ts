/** Which units are selected; the last one selected is shown first. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import type { Id } from '../../../contract/primitives.ts'

interface SelectionState {
  readonly units: readonly Id[]
}

const initialState: SelectionState = { units: [] }

export const selection = createSlice({
  name: 'selection',
  initialState,
  reducers: {
    unitSelected: (_state, { payload }: PayloadAction<Id>) => ({ units: [payload] }),
    unitToggled: ({ units }, { payload }: PayloadAction<Id>) => ({
      units: units.includes(payload) ? units.filter((id) => id !== payload) : [...units, payload],
    }),
    unitsSelected: (_state, { payload }: PayloadAction<readonly Id[]>) => ({ units: payload }),
    selectionCleared: () => initialState,
  },
})
export const { unitSelected, unitToggled, unitsSelected, selectionCleared } = selection.actions
