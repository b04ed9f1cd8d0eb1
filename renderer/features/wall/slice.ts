/** The video wall: what stands on it, which the seat's settings keep, and how it is looked at just now. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import type { Id } from '../../../contract/primitives.ts'
import { emptyWall, type Wall } from '../../../contract/wall.ts'
import type { RootState } from '../../app/store.ts'
import { accountOf } from '../radio/selectors.ts'
import { sessionChanged } from '../session/slice.ts'

/** How it is looked at just now. */
export interface Look {
  /** 0 is the first. */
  readonly page: number
  /** The source that is shown large, if one is. */
  readonly spotlight: Id | null
  readonly rotating: boolean
  readonly statistics: boolean
  /** Sources that are listened to. */
  readonly heard: readonly Id[]
}

const initialState: Look = {
  page: 0,
  spotlight: null,
  rotating: false,
  statistics: false,
  heard: [],
}

export const wall = createSlice({
  name: 'wall',
  initialState,
  reducers: {
    lookTold: (_state, { payload }: PayloadAction<Look>): Look => payload,
    pageTurned: (state, { payload }: PayloadAction<number>): Look => ({ ...state, page: payload }),
    spotlit: (state, { payload }: PayloadAction<Id | null>): Look => ({ ...state, spotlight: payload }),
    rotationSet: (state, { payload }: PayloadAction<boolean>): Look => ({ ...state, rotating: payload }),
    statisticsSet: (state, { payload }: PayloadAction<boolean>): Look => ({
      ...state,
      statistics: payload,
    }),
    hearingToggled: (state, { payload }: PayloadAction<Id>): Look => ({
      ...state,
      heard: state.heard.includes(payload)
        ? state.heard.filter((other) => other !== payload)
        : [...state.heard, payload],
    }),
    takenOff: (state, { payload }: PayloadAction<Id>): Look => ({
      ...state,
      spotlight: state.spotlight === payload ? null : state.spotlight,
      heard: state.heard.filter((other) => other !== payload),
    }),
  },
  extraReducers: (builder) =>
    // The next officer begins anew.
    builder.addCase(sessionChanged, (state, { payload }) =>
      payload.kind === 'signed-out' ? initialState : state,
    ),
})
export const { hearingToggled, lookTold, pageTurned, rotationSet, spotlit, statisticsSet, takenOff } =
  wall.actions

/** What the officer has put on the wall. */
export const officersWall = (state: RootState): Wall =>
  state.settings.seat.walls[accountOf(state) ?? ''] ?? emptyWall
