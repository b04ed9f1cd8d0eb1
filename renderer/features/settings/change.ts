/** Changes this seat's settings. */
import type { SettingsChange } from '../../../contract/settings.ts'
import { engine } from '../../app/engine.ts'
import { store } from '../../app/store.ts'
import { changeAnswered, changeWanted } from './slice.ts'

/** At once; the next change builds on it. Rejects if the seat can't keep it, and then it is as it was kept. */
export async function changeSettings(change: SettingsChange): Promise<void> {
  const id = crypto.randomUUID()
  store.dispatch(changeWanted({ id, change }))
  try {
    await engine.settings.change.mutate(change)
  } finally {
    store.dispatch(changeAnswered(id))
  }
}
