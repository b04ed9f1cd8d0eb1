/** Chance that can be repeated: mulberry32, seeded. */
export interface Chance {
  /** From 0 up to 1. */
  next(): number
  between(low: number, high: number): number
  pick<T>(list: readonly [T, ...T[]]): T
}

export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
  }
}

/** Until the next of events that know nothing of each other, in the unit of `average`: exponentially distributed. */
export const untilNext = (average: number, chance: Chance): number => -Math.log(1 - chance.next()) * average
