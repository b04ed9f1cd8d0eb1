/** Time as the exchange uses it, so that a test can let it pass. */
export interface Time {
  /** Milliseconds; only differences mean something. */
  now(): number
  /** Does it after so many milliseconds; the answer takes it back. */
  later(ms: number, act: () => void): () => void
}

export const realTime: Time = {
  now: () => performance.now(),
  later: (ms, act) => {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
}

/** Timers that belong together, for an end all at once. */
export interface Timers {
  /** In place of the one of that name, if it runs. */
  set(name: string, ms: number, act: () => void): void
  clear(name: string): void
  clearAll(): void
}

export function timersOn(time: Time): Timers {
  const running = new Map<string, () => void>()
  const clear = (name: string) => {
    running.get(name)?.()
    running.delete(name)
  }
  return {
    clear,
    set: (name, ms, act) => {
      clear(name)
      const stop = time.later(ms, () => {
        running.delete(name)
        act()
      })
      running.set(name, stop)
    },
    clearAll: () => {
      for (const name of [...running.keys()]) clear(name)
    },
  }
}
