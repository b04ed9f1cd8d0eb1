/** The Redux store: what the engine tells, and what is chosen on this screen. No positions. */
import { configureStore } from '@reduxjs/toolkit'
import { useDispatch, useSelector } from 'react-redux'
import { audio } from '../audio/slice.ts'
import { directory } from '../features/directory/slice.ts'
import { incidents } from '../features/incidents/slice.ts'
import { radio } from '../features/radio/slice.ts'
import { rooms } from '../features/rooms/slice.ts'
import { selecting } from '../features/selection/slice.ts'
import { session } from '../features/session/slice.ts'
import { settings } from '../features/settings/slice.ts'
import { sources } from '../features/sources/slice.ts'
import { status } from '../features/status/slice.ts'
import { supervision } from '../features/supervision/slice.ts'
import { lamps } from '../features/telephony/lamps-slice.ts'
import { telephony } from '../features/telephony/slice.ts'
import { threads } from '../features/threads/slice.ts'
import { selection } from '../features/units/selection.ts'
import { wall } from '../features/wall/slice.ts'

export const store = configureStore({
  reducer: {
    session: session.reducer,
    status: status.reducer,
    settings: settings.reducer,
    shared: directory.reducer,
    selection: selection.reducer,
    selecting: selecting.reducer,
    telephony: telephony.reducer,
    radio: radio.reducer,
    rooms: rooms.reducer,
    supervision: supervision.reducer,
    sources: sources.reducer,
    audio: audio.reducer,
    lamps: lamps.reducer,
    incidents: incidents.reducer,
    threads: threads.reducer,
    wall: wall.reducer,
  },
  // Ten thousand units make the development checks slower than what they check.
  middleware: (defaults) => defaults({ immutableCheck: false, serializableCheck: false }),
})

export type RootState = ReturnType<typeof store.getState>
export const useApp = useSelector.withTypes<RootState>()
export const useSend = useDispatch.withTypes<typeof store.dispatch>()

/** Calls `listener` when what is selected comes to be another. Returns its own undoing. */
export function onSelected(select: (state: RootState) => unknown, listener: () => void): () => void {
  const now = () => JSON.stringify(select(store.getState()))
  let before = now()
  return store.subscribe(() => {
    const after = now()
    if (after === before) return
    before = after
    listener()
  })
}
