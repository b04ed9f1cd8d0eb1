/** As vitest's, for what runs outside of it as well: tries again until nothing is thrown. */
import { setTimeout as pass } from 'node:timers/promises'

export async function waitFor<T>(
  check: () => T | Promise<T>,
  { timeout, interval }: { readonly timeout: number; readonly interval: number },
): Promise<T> {
  for (const end = performance.now() + timeout; ; )
    try {
      return await check()
    } catch (error) {
      if (performance.now() > end) throw error
      await pass(interval)
    }
}
