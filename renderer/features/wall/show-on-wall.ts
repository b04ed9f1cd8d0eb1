/** Puts sources on the officer's video wall, and shows it. */
import type { Id } from '../../../contract/primitives.ts'
import type { Wall } from '../../../contract/wall.ts'
import { askForPanel } from '../../app/layout/asked-panels.ts'
import { store } from '../../app/store.ts'
import { accountOf } from '../radio/selectors.ts'
import { changeSettings } from '../settings/change.ts'
import { pageOf, withSources } from './places.ts'
import { officersWall, pageTurned, spotlit } from './slice.ts'

/** Rejects if the seat can't keep it, and then it is as it was kept. */
export async function keepWall(next: Wall): Promise<void> {
  const account = accountOf(store.getState())
  if (account !== null) await changeSettings({ walls: { [account]: next } })
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
