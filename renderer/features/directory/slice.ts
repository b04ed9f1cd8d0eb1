/** The shared state as this seat may see it: the same fold over the journal's events as in the hub. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import type { StateMessage } from '../../../contract/hub.ts'
import { applyEvent, emptyState, type SharedState } from '../../../contract/state.ts'

interface DirectoryState {
  /** Whether the hub has told anything yet. */
  readonly known: boolean
  readonly state: SharedState
}

const initialState: DirectoryState = { known: false, state: emptyState }

export const directory = createSlice({
  name: 'directory',
  initialState,
  reducers: {
    stateTold: (draft, { payload }: PayloadAction<StateMessage>) => {
      if (payload.kind === 'snapshot') return { known: payload.state.site !== null, state: payload.state }
      for (const event of payload.events) applyEvent(draft.state, event)
      return undefined
    },
  },
})
export const { stateTold } = directory.actions
