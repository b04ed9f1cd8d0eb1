/** What the favourites of whoever sits here are doing. */
import { type Favourite, type NumberLamps, numberOfFavourite } from '../../../contract/favourites.ts'
import type { Id } from '../../../contract/primitives.ts'
import type { SharedState } from '../../../contract/state.ts'
import { Watched } from '../../../contract/watched.ts'
import type { NumberWatcher } from './watches.ts'

export interface FavouriteLamps {
  readonly state: Watched<NumberLamps>
  /** Null: nobody sits here. */
  sit(account: Id | null, state: SharedState): void
  /** Of each account. */
  keep(favourites: Readonly<Record<Id, readonly Favourite[]>>): void
}

export function openFavouriteLamps(telephone: NumberWatcher): FavouriteLamps {
  const state = new Watched<NumberLamps>({})
  const watched = new Map<string, () => void>()
  let seat: { readonly account: Id; readonly shared: SharedState } | undefined
  let kept: Readonly<Record<Id, readonly Favourite[]>> = {}

  const numbersOf = ({ account, shared }: NonNullable<typeof seat>): string[] =>
    (kept[account] ?? []).flatMap((favourite) => numberOfFavourite(favourite, shared.directory) ?? [])

  const follow = () => {
    const numbers = new Set(seat === undefined ? [] : numbersOf(seat))
    for (const [number, stop] of watched)
      if (!numbers.has(number)) {
        stop()
        watched.delete(number)
        const { [number]: _, ...others } = state.value
        state.set(others)
      }
    for (const number of numbers)
      if (!watched.has(number))
        watched.set(
          number,
          telephone.watch(number, (now) => state.set({ ...state.value, [number]: now })),
        )
  }

  return {
    state,
    sit: (account, shared) => {
      seat = account === null ? undefined : { account, shared }
      follow()
    },
    keep: (favourites) => {
      kept = favourites
      follow()
    },
  }
}
