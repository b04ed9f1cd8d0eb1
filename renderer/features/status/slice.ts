/** The lamps, the outbox, and whether the engine itself is there. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import type { Link } from '../../../contract/engine.ts'

interface StatusState {
  readonly enginePresent: boolean
  readonly link: Link
}

const initialState: StatusState = { enginePresent: false, link: { lamps: [], outbox: 0, lapses: [] } }

export const status = createSlice({
  name: 'status',
  initialState,
  reducers: {
    engineCame: (state) => ({ ...state, enginePresent: true }),
    engineWent: (state) => ({ ...state, enginePresent: false }),
    linkChanged: (state, { payload }: PayloadAction<Link>) => ({ ...state, link: payload }),
  },
})
export const { engineCame, engineWent, linkChanged } = status.actions
