/** Which thread of messages is open, and what became of the last message to many. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import type { ThreadName } from '../../../contract/threads.ts'
import type { Broadcast, SentTo } from './broadcast-state.ts'

interface ThreadsState {
  readonly open: ThreadName | null
  /** The message that is looked for in it. */
  readonly sought: string | null
  /** Until the officer has taken note of it, or sent another. */
  readonly broadcast: Broadcast | null
}

const initialState: ThreadsState = { open: null, sought: null, broadcast: null }

export const threads = createSlice({
  name: 'threads',
  initialState,
  reducers: {
    threadOpened: (
      state,
      { payload }: PayloadAction<{ readonly thread: ThreadName; readonly sought?: string }>,
    ): ThreadsState => ({ ...state, open: payload.thread, sought: payload.sought ?? null }),
    threadClosed: (state): ThreadsState => ({ ...state, open: null, sought: null }),
    broadcastBegun: (state, { payload }: PayloadAction<Broadcast>): ThreadsState => ({
      ...state,
      broadcast: payload,
    }),
    broadcastSent: (
      state,
      { payload: { message, outcome } }: PayloadAction<Pick<SentTo, 'message' | 'outcome'>>,
    ): ThreadsState => {
      if (state.broadcast === null) return state
      const sent = state.broadcast.sent.map((each) =>
        each.message === message ? { ...each, outcome } : each,
      )
      return { ...state, broadcast: { ...state.broadcast, sent } }
    },
    broadcastDismissed: (state): ThreadsState => ({ ...state, broadcast: null }),
  },
})
export const { broadcastBegun, broadcastDismissed, broadcastSent, threadClosed, threadOpened } =
  threads.actions
