/** The seat's radio as the engine tells it, and the keys that are down here. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import { noRadio, type Radio } from '../../../contract/seat-radio.ts'
import { engineWent } from '../status/slice.ts'
import { type Held, type KeyEvent, keyed, nothingHeld, settled } from './keying.ts'

interface RadioState {
  readonly radio: Radio
  readonly held: Held
  /** The next transmission has the priority of an emergency. */
  readonly urgent: boolean
  /** Patches of whose end the officer has taken note. */
  readonly noted: readonly string[]
}

const initialState: RadioState = { radio: noRadio, held: nothingHeld, urgent: false, noted: [] }

export const radio = createSlice({
  name: 'radio',
  initialState,
  reducers: {
    radioChanged: (state, { payload }: PayloadAction<Radio>): RadioState => ({
      ...state,
      radio: payload,
      held: settled(state.held, payload.channels),
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
    urgencySet: (state, { payload }: PayloadAction<boolean>): RadioState => ({ ...state, urgent: payload }),
  },
  // It would ask the next engine for what was pressed for the one before.
  extraReducers: (builder) => builder.addCase(engineWent, ({ noted }) => ({ ...initialState, noted })),
})
export const { keyMoved, patchNoted, radioChanged, urgencySet } = radio.actions
