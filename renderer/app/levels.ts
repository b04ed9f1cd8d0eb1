/** Levels that the engine tells a few times a second: kept outside the store, for whoever draws. */
import type { engine } from './engine.ts'

/** RFC 6464. */
const SILENT = -127

type Told = Readonly<Record<string, number>>
type Feed = Pick<typeof engine.telephone.levels, 'subscribe'>

export interface Levels {
  /** Returns its own undoing. */
  follow(): () => void
  /** dBov, -127 to 0. */
  of(name: string): number
}

export function levelsFrom(feed: Feed): Levels {
  let levels: Told = {}
  return {
    follow: () => {
      const subscription = feed.subscribe(undefined, {
        onData: (data) => {
          levels = data
        },
        // Comes back with the engine.
        onError: () => undefined,
      })
      return () => {
        subscription.unsubscribe()
        levels = {}
      }
    },
    of: (name) => levels[name] ?? SILENT,
  }
}
