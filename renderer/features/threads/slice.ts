/** Which thread of messages is open. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import type { ThreadName } from '../../../contract/threads.ts'

interface ThreadsState {
  readonly open: ThreadName | null
}

const initialState: ThreadsState = { open: null }

export const threads = createSlice({
  name: 'threads',
  initialState,
  reducers: {
    threadOpened: (_state, { payload }: PayloadAction<ThreadName | null>) => ({ open: payload }),
  },
})
export const { threadOpened } = threads.actions
