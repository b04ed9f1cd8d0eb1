/** How units are being selected by more than a click: what is sought, and how it meets what was selected before. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import type { Id } from '../../../contract/primitives.ts'
import type { DrawTool } from '../map/drawing.ts'
import { selectionCleared, unitSelected, unitToggled } from '../units/selection.ts'
import { anyUnit, type Combining, type UnitFilter } from './choosing.ts'
import type { Sought } from './finding.ts'

export interface Finding {
  readonly sought: Sought
  /** What was selected before it was sought. */
  readonly before: readonly Id[]
  /** How many were found, whatever came of them. */
  readonly found: number
}

interface Selecting {
  /** The tools are on the screen. */
  readonly open: boolean
  readonly tool: DrawTool | null
  readonly combining: Combining
  readonly filter: UnitFilter
  /** Of corridors that are drawn next, m. */
  readonly widthM: number
  /** The last, as long as nothing else was selected since; it can still be adjusted. */
  readonly finding: Finding | null
}

const initialState: Selecting = {
  open: false,
  tool: null,
  combining: 'replace',
  filter: anyUnit,
  widthM: 200,
  finding: null,
}

export type Adjustment = Partial<Pick<Selecting, 'combining' | 'filter' | 'widthM'>>

export const selecting = createSlice({
  name: 'selecting',
  initialState,
  reducers: {
    toolsOpened: (state, { payload }: PayloadAction<boolean>) => ({
      ...state,
      open: payload,
      tool: payload ? state.tool : null,
    }),
    toolTaken: (state, { payload }: PayloadAction<DrawTool | null>) => ({ ...state, tool: payload }),
    adjusted: (state, { payload }: PayloadAction<Adjustment>) => ({ ...state, ...payload }),
    found: (state, { payload }: PayloadAction<Finding>) => ({ ...state, finding: payload }),
  },
  extraReducers: (builder) => {
    for (const otherwise of [unitSelected, unitToggled, selectionCleared])
      builder.addCase(otherwise, (state) => ({ ...state, finding: null }))
  },
})
export const { toolsOpened, toolTaken, adjusted, found } = selecting.actions
