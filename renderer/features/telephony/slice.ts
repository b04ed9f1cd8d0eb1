/** The seat's telephone as the engine tells it. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import type { Telephone } from '../../../contract/telephony.ts'

interface TelephonyState extends Telephone {
  /** False once it is known that there is no microphone. */
  readonly microphone: boolean
}

const initialState: TelephonyState = { lines: [], calls: [], history: [], microphone: true }

export const telephony = createSlice({
  name: 'telephony',
  initialState,
  reducers: {
    telephoneChanged: (state, { payload }: PayloadAction<Telephone>) => ({ ...state, ...payload }),
    microphoneChanged: (state, { payload }: PayloadAction<boolean>) => ({ ...state, microphone: payload }),
  },
})
export const { microphoneChanged, telephoneChanged } = telephony.actions
