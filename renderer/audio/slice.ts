/** Which audio devices serve, as far as any are in use, and what changed among them by itself. */
import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import { type InUse, newsOf, type SoundNews, type SoundRole } from './choice.ts'

interface AudioState {
  /** Those that are in use now. */
  readonly inUse: { readonly [Role in SoundRole]?: InUse }
  /** Conversations are heard on the loudspeaker. */
  readonly onLoudspeaker: boolean
  /** The newest last, numbered so that each is told once. */
  readonly news: readonly (SoundNews & { readonly n: number })[]
}

const initialState: AudioState = { inUse: {}, onLoudspeaker: false, news: [] }
const KEPT_NEWS = 8

interface Served {
  readonly role: SoundRole
  /** Undefined: no longer in use. */
  readonly use: InUse | undefined
  /** Somebody at this seat wanted it so. */
  readonly wanted: boolean
}

export const audio = createSlice({
  name: 'audio',
  initialState,
  reducers: {
    served: (state, { payload: { role, use, wanted } }: PayloadAction<Served>): AudioState => {
      const { [role]: before, ...others } = state.inUse
      const news = wanted || use === undefined ? undefined : newsOf(role, before, use)
      const n = (state.news.at(-1)?.n ?? 0) + 1
      return {
        ...state,
        inUse: use === undefined ? others : { ...others, [role]: use },
        news: news === undefined ? state.news : [...state.news, { ...news, n }].slice(-KEPT_NEWS),
      }
    },
    loudspeakerSet: (state, { payload }: PayloadAction<boolean>): AudioState => ({
      ...state,
      onLoudspeaker: payload,
    }),
  },
})
export const { loudspeakerSet, served } = audio.actions
