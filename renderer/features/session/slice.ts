/** Who is signed in at this seat, and which hub it belongs to. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import type { HubGreeting, Session } from '../../../contract/engine.ts'

interface SessionState {
  readonly session: Session | null
  readonly hub: HubGreeting
}

const initialState: SessionState = { session: null, hub: { kind: 'waiting' } }

export const session = createSlice({
  name: 'session',
  initialState,
  reducers: {
    sessionChanged: (state, { payload }: PayloadAction<Session>) => ({ ...state, session: payload }),
    hubGreeted: (state, { payload }: PayloadAction<HubGreeting>) => ({ ...state, hub: payload }),
  },
})
export const { sessionChanged, hubGreeted } = session.actions
