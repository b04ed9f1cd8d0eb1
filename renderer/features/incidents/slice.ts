/** Which incident is selected, what is being opened, and what of the board is shown. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import type { Details, Incident } from '../../../contract/incidents.ts'
import type { Id } from '../../../contract/primitives.ts'
import { type BoardFilter, everything } from './board.ts'

/** An incident that is being opened. */
export interface Draft {
  readonly details: Details
  readonly source: Incident['source']
}

interface IncidentsState {
  /** What is done now belongs to it, as the engine says. */
  readonly selected: Id | null
  readonly draft: Draft | null
  readonly filter: BoardFilter
  /** The officer wants to give a task: the form for it takes the focus. */
  readonly assigning: boolean
}

const initialState: IncidentsState = {
  selected: null,
  draft: null,
  filter: everything,
  assigning: false,
}

export const incidents = createSlice({
  name: 'incidents',
  initialState,
  reducers: {
    incidentSelected: (state, { payload }: PayloadAction<Id | null>) => ({ ...state, selected: payload }),
    draftBegun: (state, { payload }: PayloadAction<Draft>) => ({ ...state, draft: payload }),
    draftEnded: (state) => ({ ...state, draft: null }),
    assigningAsked: (state, { payload }: PayloadAction<boolean>) => ({ ...state, assigning: payload }),
    boardFiltered: (state, { payload }: PayloadAction<Partial<BoardFilter>>) => ({
      ...state,
      filter: { ...state.filter, ...payload },
    }),
  },
})
export const { incidentSelected, draftBegun, draftEnded, assigningAsked, boardFiltered } = incidents.actions
