/** A line to wait in, for work of which only so much may be under way. */
import { Refusal } from '../../contract/refusal.ts'

export type Line = <T>(work: () => Promise<T>) => Promise<T>

/** Runs `atOnce` at once and lets `waiting` wait, in their order; refuses the rest as `too-many`. */
export function openLine(atOnce: number, waiting: number): Line {
  let running = 0
  const line: (() => void)[] = []
  return async (work) => {
    if (running < atOnce) running++
    else if (line.length >= waiting) throw new Refusal('too-many')
    else await new Promise<void>((resolve) => line.push(resolve))
    try {
      return await work()
    } finally {
      const next = line.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
