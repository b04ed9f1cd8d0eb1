/** A queue for work of which only so much may be under way. */
import { Refusal } from '../contract/refusal.ts'

type Queue = <T>(work: () => Promise<T>) => Promise<T>

/** Runs `atOnce` at once and lets `waiting` wait, in their order; refuses the rest as `too-many`. */
export function openQueue(atOnce: number, waiting: number): Queue {
  let running = 0
  const waiters: (() => void)[] = []
  return async (work) => {
    if (running < atOnce) running++
    else if (waiters.length >= waiting) throw new Refusal('too-many')
    else await new Promise<void>((resolve) => waiters.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiters.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
