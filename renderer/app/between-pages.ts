/**
 * What the console's pages have in common that no settings keep: how the video wall is looked at, so that it can go to
 * a window of its own and back, and whether the next transmission is urgent. What one changes the others take over.
 */
import { urgencySet } from '../features/radio/slice.ts'
import { lookTold } from '../features/wall/slice.ts'
import { onSelected, type RootState, store } from './store.ts'

const commonOf = (state: RootState) => ({ look: state.wall, urgent: state.radio.urgent })

type Told =
  | { readonly kind: 'asked' }
  | { readonly kind: 'common'; readonly common: ReturnType<typeof commonOf> }

/** For as long as the page lives; one that comes later asks those that are there. */
export function joinPages(): void {
  const others = new BroadcastChannel('pages')
  const tell = (told: Told) => others.postMessage(told)
  const tellCommon = () => tell({ kind: 'common', common: commonOf(store.getState()) })
  let taking = false
  others.addEventListener('message', ({ data }: MessageEvent<Told>) => {
    if (data.kind === 'asked') {
      tellCommon()
      return
    }
    taking = true
    store.dispatch(lookTold(data.common.look))
    store.dispatch(urgencySet(data.common.urgent))
    taking = false
  })
  onSelected(commonOf, () => {
    if (!taking) tellCommon()
  })
  tell({ kind: 'asked' })
}
