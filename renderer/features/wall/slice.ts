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

interface WallState extends Look {
  /** As it was changed last here, which the settings may not say yet; null: as they say. */
  readonly changed: Wall | null
}

const initialState: WallState = {
  changed: null,
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
    wallChanged: (state, { payload }: PayloadAction<Wall | null>): WallState => ({
      ...state,
      changed: payload,
    }),
    lookTold: (state, { payload }: PayloadAction<Look>): WallState => ({ ...state, ...payload }),
    pageTurned: (state, { payload }: PayloadAction<number>): WallState => ({ ...state, page: payload }),
    spotlit: (state, { payload }: PayloadAction<Id | null>): WallState => ({ ...state, spotlight: payload }),
    rotationSet: (state, { payload }: PayloadAction<boolean>): WallState => ({ ...state, rotating: payload }),
    statisticsSet: (state, { payload }: PayloadAction<boolean>): WallState => ({
      ...state,
      statistics: payload,
    }),
    hearingToggled: (state, { payload }: PayloadAction<Id>): WallState => ({
      ...state,
      heard: state.heard.includes(payload)
        ? state.heard.filter((other) => other !== payload)
        : [...state.heard, payload],
    }),
    takenOff: (state, { payload }: PayloadAction<Id>): WallState => ({
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
export const {
  hearingToggled,
  lookTold,
  pageTurned,
  rotationSet,
  spotlit,
  statisticsSet,
  takenOff,
  wallChanged,
} = wall.actions

/** What the officer has put on the wall. */
export const officersWall = (state: RootState): Wall =>
  state.wall.changed ?? state.settings.seat.walls[accountOf(state) ?? ''] ?? emptyWall

export const lookOf = ({ wall: { changed: _, ...look } }: RootState): Look => look
