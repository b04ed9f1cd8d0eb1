/** An officer's favourites, kept at the seat in the officer's own order. */
import type { Favourite } from '../../../contract/favourites.ts'
import { useApp } from '../../app/store.ts'
import { useChangeSettings } from '../settings/display-settings.tsx'
import { keyOf, moved, toggled } from './favourites.ts'

const none: readonly Favourite[] = []

interface Favourites {
  readonly list: readonly Favourite[]
  has(favourite: Favourite): boolean
  toggle(favourite: Favourite): void
  move(at: number, by: number): void
}

export function useFavourites(): Favourites {
  const account = useApp(({ session: { session } }) =>
    session?.kind === 'signed-in' ? session.account.id : undefined,
  )
  const kept = useApp(({ settings }) => settings.seat.favourites)
  const change = useChangeSettings()
  const list = (account === undefined ? undefined : kept[account]) ?? none
  const keep = (next: readonly Favourite[]) => {
    if (account !== undefined && next !== list) change({ favourites: { [account]: [...next] } })
  }
  return {
    list,
    has: (favourite) => list.some((one) => keyOf(one) === keyOf(favourite)),
    toggle: (favourite) => keep(toggled(list, favourite)),
    move: (at, by) => keep(moved(list, at, by)),
  }
}
