/** Waiting until something holds, where there is no vitest: helpers are used by benchmarks too. */

/** Tries until `look` does not throw; throws what it threw last when it takes too long. */
export async function until<T>(
  look: () => T | Promise<T>,
  { timeout = 20_000, interval = 50 }: { readonly timeout?: number; readonly interval?: number } = {},
): Promise<T> {
  const over = performance.now() + timeout
  for (;;) {
    try {
      return await look()
    } catch (error) {
      if (performance.now() >= over) throw error
      await new Promise((resolve) => setTimeout(resolve, interval))
    }
  }
}
