/** The other seats and what goes on between them and this one, as the engine tells it. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import { noSupervision, type Supervision } from '../../../contract/seat-supervision.ts'
import { engineWent } from '../status/slice.ts'

export const supervision = createSlice({
  name: 'supervision',
  initialState: noSupervision,
  reducers: {
    supervisionChanged: (_state, { payload }: PayloadAction<Supervision>) => payload,
  },
  extraReducers: (builder) => builder.addCase(engineWent, () => noSupervision),
})
export const { supervisionChanged } = supervision.actions

/** Callers who wait at other seats, as far as they are shown here. */
export const waitingElsewhere = ({ seats }: Supervision): number =>
  seats?.flatMap(({ calls }) => calls).filter(({ state }) => state === 'waiting').length ?? 0
