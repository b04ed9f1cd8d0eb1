/** How loud the other sides of calls are: told a few times a second, and kept outside the store. */
import { engine } from '../../app/engine.ts'

/** RFC 6464. */
const SILENT = -127

let levels: Readonly<Record<string, number>> = {}

/** Returns its own undoing. */
export function followLevels(): () => void {
  const subscription = engine.telephone.levels.subscribe(undefined, {
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
}

/** dBov, -127 to 0. */
export const levelOf = (call: string): number => levels[call] ?? SILENT
