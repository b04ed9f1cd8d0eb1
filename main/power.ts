/** Keeps the machine awake while somebody is on duty at it, and its screen on while media is up. */
import { powerSaveBlocker } from 'electron'
import type { Wakefulness } from '../contract/shell.ts'

export function createWakefulness(): (wakefulness: Wakefulness) => void {
  let blocker: number | undefined
  return (wakefulness) => {
    const before = blocker
    blocker =
      wakefulness === 'none'
        ? undefined
        : powerSaveBlocker.start(
            wakefulness === 'screen' ? 'prevent-display-sleep' : 'prevent-app-suspension',
          )
    // The old one goes after the new one came: there is no moment without.
    if (before !== undefined) powerSaveBlocker.stop(before)
  }
}
