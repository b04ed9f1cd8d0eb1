/** The rooms that the officer may know of, and the one that this page is in. No pictures. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import type { RoomOutline, RoomScene } from '../../../contract/rooms.ts'
import type { MeetingEnd } from '../../../meeting/meeting.ts'
import { engineWent } from '../status/slice.ts'

/** What the officer wants to send; there may be no camera for it. */
export interface Sending {
  readonly microphone: boolean
  readonly camera: boolean
}

/** `preview`: not in it yet; `waiting`: the link is broken, it comes back by itself. */
type Stage = 'preview' | 'joining' | 'in' | 'waiting'

export interface MeetingState {
  readonly room: string
  readonly name: string
  readonly stage: Stage
  /** As it was told last. */
  readonly scene: RoomScene | null
  readonly sending: Sending
  /** Everybody sees the officer's screen, or a window of theirs. */
  readonly showsScreen: boolean
  /** What is written in the room is shown. */
  readonly chatting: boolean
  /** What the officer wanted to send last, and could not; null: nothing. */
  readonly unsent: keyof Sending | 'screen' | null
  /** How well each producer comes, 0 to 10. */
  readonly scores: Readonly<Record<string, number>>
}

interface RoomsState {
  /** Null while the hub can't be reached. */
  readonly list: readonly RoomOutline[] | null
  readonly meeting: MeetingState | null
  /** How the last one ended, until somebody has taken note. */
  readonly over: { readonly name: string; readonly how: MeetingEnd } | null
}

const initialState: RoomsState = { list: null, meeting: null, over: null }

const changed = (state: RoomsState, change: Partial<MeetingState>): RoomsState =>
  state.meeting === null ? state : { ...state, meeting: { ...state.meeting, ...change } }

export const rooms = createSlice({
  name: 'rooms',
  initialState,
  reducers: {
    roomsTold: (state, { payload }: PayloadAction<readonly RoomOutline[] | null>): RoomsState => ({
      ...state,
      list: payload,
    }),
    previewBegun: (
      state,
      { payload }: PayloadAction<Pick<MeetingState, 'room' | 'name' | 'sending'>>,
    ): RoomsState => ({
      ...state,
      over: null,
      meeting: {
        ...payload,
        stage: 'preview',
        scene: null,
        showsScreen: false,
        chatting: false,
        scores: {},
        unsent: null,
      },
    }),
    joining: (state): RoomsState => changed(state, { stage: 'joining' }),
    broken: (state): RoomsState => changed(state, { stage: 'waiting' }),
    sceneTold: (state, { payload }: PayloadAction<RoomScene>): RoomsState =>
      changed(state, { stage: 'in', scene: payload, name: payload.name }),
    sendingChanged: (state, { payload }: PayloadAction<Sending>): RoomsState =>
      changed(state, { sending: payload, unsent: null }),
    screenShown: (state, { payload }: PayloadAction<boolean>): RoomsState =>
      changed(state, { showsScreen: payload, unsent: null }),
    screenNotShown: (state): RoomsState => changed(state, { showsScreen: false, unsent: 'screen' }),
    chatShown: (state, { payload }: PayloadAction<boolean>): RoomsState =>
      changed(state, { chatting: payload }),
    notSent: (state, { payload }: PayloadAction<keyof Sending>): RoomsState =>
      state.meeting === null
        ? state
        : changed(state, { sending: { ...state.meeting.sending, [payload]: false }, unsent: payload }),
    scoreTold: (
      state,
      { payload: { producer, score } }: PayloadAction<{ producer: string; score: number }>,
    ): RoomsState => changed(state, { scores: { ...state.meeting?.scores, [producer]: score } }),
    /** Null: the officer left. */
    meetingOver: (state, { payload }: PayloadAction<MeetingEnd | null>): RoomsState => ({
      ...state,
      meeting: null,
      over: payload === null || state.meeting === null ? null : { name: state.meeting.name, how: payload },
    }),
    overNoted: (state): RoomsState => ({ ...state, over: null }),
  },
  extraReducers: (builder) => builder.addCase(engineWent, (state): RoomsState => ({ ...state, list: null })),
})
export const {
  broken,
  chatShown,
  joining,
  meetingOver,
  notSent,
  overNoted,
  previewBegun,
  roomsTold,
  sceneTold,
  screenNotShown,
  screenShown,
  scoreTold,
  sendingChanged,
} = rooms.actions
