/** The seat's telephone as the engine tells it, and the calls that went with an engine that ended. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import {
  type Call,
  type GroupCall,
  noTelephone,
  type Telephone,
  untouchedReception,
} from '../../../contract/telephony.ts'
import { engineWent } from '../status/slice.ts'

interface TelephonyState extends Telephone {
  /** Shown as lost until the officer has called again or has taken note. */
  readonly lost: readonly Call[]
  readonly lostGroups: readonly GroupCall[]
}

const initialState: TelephonyState = { ...noTelephone, lost: [], lostGroups: [] }

export const telephony = createSlice({
  name: 'telephony',
  initialState,
  reducers: {
    telephoneChanged: (state, { payload }: PayloadAction<Telephone>) => ({ ...state, ...payload }),
    lossNoted: (state, { payload }: PayloadAction<string>) => ({
      ...state,
      lost: state.lost.filter(({ id }) => id !== payload),
      lostGroups: state.lostGroups.filter(({ id }) => id !== payload),
    }),
  },
  extraReducers: (builder) =>
    builder.addCase(engineWent, (state) => ({
      ...state,
      lines: state.lines.map((line) => ({ ...line, state: 'registering' as const })),
      calls: [],
      groups: [],
      reception: untouchedReception,
      lost: [
        ...state.lost,
        ...state.calls.filter((call) => call.state !== 'ended' && call.group === null).map(asLost),
      ],
      lostGroups: [...state.lostGroups, ...state.groups.filter(({ endedAt }) => endedAt === null)],
    })),
})
export const { lossNoted, telephoneChanged } = telephony.actions

const asLost = (call: Call): Call => ({
  ...call,
  state: 'ended',
  conference: null,
  end: { why: 'lost', code: null, reason: '' },
})
