/** The seat's radio as the engine tells it, and the keys that are down here. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import type { Id } from '../../../contract/primitives.ts'
import { noRadio, type Radio } from '../../../contract/seat-radio.ts'
import { sessionChanged } from '../session/slice.ts'
import { engineWent } from '../status/slice.ts'
import { type Held, type KeyEvent, keyed, nothingHeld, settled } from './keying.ts'
import { heardIn, noted, type RollCall } from './roll-call.ts'

interface RadioState {
  readonly radio: Radio
  readonly held: Held
  /** The next transmission has the priority of an emergency. */
  readonly urgent: boolean
  /** Patches of whose end the officer has taken note. */
  readonly noted: readonly string[]
  /** Alarms that were acknowledged here, and may wait for the hub. */
  readonly acknowledged: readonly string[]
  /** Whose log is shown; null: that of all channels. */
  readonly logOf: Id | null
  readonly rollCall: RollCall | null
}

const initialState: RadioState = {
  radio: noRadio,
  held: nothingHeld,
  urgent: false,
  noted: [],
  acknowledged: [],
  logOf: null,
  rollCall: null,
}

export const radio = createSlice({
  name: 'radio',
  initialState,
  reducers: {
    radioChanged: (state, { payload }: PayloadAction<Radio>): RadioState => ({
      ...state,
      radio: payload,
      held: settled(state.held, payload.channels),
      rollCall: state.rollCall && heardIn(state.rollCall, payload.channels),
    }),
    keyMoved: (state, { payload }: PayloadAction<KeyEvent>): RadioState => {
      const held = keyed(state.held, payload)
      const began = payload.kind === 'pressed' && held[payload.key] === payload.press
      return { ...state, held, urgent: state.urgent && !began }
    },
    patchNoted: (state, { payload }: PayloadAction<string>): RadioState => ({
      ...state,
      noted: [...state.noted, payload],
    }),
    alarmAcknowledged: (state, { payload }: PayloadAction<string>): RadioState => ({
      ...state,
      acknowledged: [...state.acknowledged, payload],
    }),
    /** The hub would not have it. */
    alarmStandsStill: (state, { payload }: PayloadAction<string>): RadioState => ({
      ...state,
      acknowledged: state.acknowledged.filter((id) => id !== payload),
    }),
    logAsked: (state, { payload }: PayloadAction<Id | null>): RadioState => ({ ...state, logOf: payload }),
    rollCallBegun: (state, { payload }: PayloadAction<RollCall>): RadioState => ({
      ...state,
      rollCall: payload,
    }),
    answerNoted: (state, { payload }: PayloadAction<Id>): RadioState => ({
      ...state,
      rollCall: state.rollCall && noted(state.rollCall, payload),
    }),
    rollCallOver: (state): RadioState => ({ ...state, rollCall: null }),
    urgencySet: (state, { payload }: PayloadAction<boolean>): RadioState => ({ ...state, urgent: payload }),
  },
  extraReducers: (builder) =>
    builder
      // It would ask the next engine for what was pressed for the one before.
      .addCase(engineWent, (state) => ({ ...state, radio: noRadio, held: nothingHeld, urgent: false }))
      // The next officer begins anew.
      .addCase(sessionChanged, (state, { payload }) =>
        payload.kind === 'signed-out' ? initialState : state,
      ),
})
export const {
  alarmAcknowledged,
  alarmStandsStill,
  answerNoted,
  keyMoved,
  logAsked,
  patchNoted,
  radioChanged,
  rollCallBegun,
  rollCallOver,
  urgencySet,
} = radio.actions
