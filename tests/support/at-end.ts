/** Ending what a test started. */

/** Takes what is to be done when the test, or the suite, is over. */
export type AtEnd = (end: () => void | Promise<void>) => void

/** For a suite: collects what is to be done, and does it all, the last first, whatever fails. */
export function endings(): { readonly atEnd: AtEnd; run(): Promise<void> } {
  const ends: (() => void | Promise<void>)[] = []
  return {
    atEnd: (end) => {
      ends.push(end)
    },
    run: async () => {
      const failures: unknown[] = []
      for (const end of ends.splice(0).reverse())
        try {
          await end()
        } catch (failure) {
          failures.push(failure)
        }
      if (failures.length > 0) throw new AggregateError(failures, 'not everything could be ended')
    },
  }
}
