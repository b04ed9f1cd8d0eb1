/** Puts sources on the officer's video wall, and shows it. */
import type { Id } from '../../../contract/primitives.ts'
import type { Wall } from '../../../contract/wall.ts'
import { engine } from '../../app/engine.ts'
import { askForPanel } from '../../app/layout/asked-panels.ts'
import { store } from '../../app/store.ts'
import { accountOf } from '../radio/selectors.ts'
import { pageOf, withSources } from './places.ts'
import { officersWall, pageTurned, spotlit, wallChanged } from './slice.ts'

/** At once; the next change builds on it. Rejects if the seat can't keep it, and then it is as it was kept. */
export async function keepWall(next: Wall): Promise<void> {
  const account = accountOf(store.getState())
  if (account === null) return
  store.dispatch(wallChanged(next))
  try {
    await engine.settings.change.mutate({ walls: { [account]: next } })
  } finally {
    // From now on it is as the settings say, which another page may change; unless it was changed once more here.
    if (store.getState().wall.changed === next) store.dispatch(wallChanged(null))
  }
}

/** What is there already stays where it is. Rejects if the seat can't keep it. */
export async function showOnWall(sources: readonly Id[]): Promise<void> {
  const [first] = sources
  if (first === undefined) return
  const next = withSources(officersWall(store.getState()), sources)
  store.dispatch(spotlit(null))
  store.dispatch(pageTurned(pageOf(next, first) ?? 0))
  askForPanel('wall')
  await keepWall(next)
}
