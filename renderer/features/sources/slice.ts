/** How the video sources do, as the engine tells it. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import type { Id } from '../../../contract/primitives.ts'
import type { SourceStatus } from '../../../contract/sources.ts'
import { engineWent } from '../status/slice.ts'

/** Null while the hub can't be reached. */
type Statuses = Readonly<Record<Id, SourceStatus>> | null

export const sources = createSlice({
  name: 'sources',
  initialState: null as Statuses,
  reducers: {
    statusesTold: (_state, { payload }: PayloadAction<readonly SourceStatus[] | null>): Statuses =>
      payload && Object.fromEntries(payload.map((status) => [status.source, status])),
  },
  extraReducers: (builder) => builder.addCase(engineWent, () => null),
})
export const { statusesTold } = sources.actions
