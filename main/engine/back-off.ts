/** How long to wait before the next try: doubling up to `longest`, with half of it left to chance. */
export function backOff(attempt: number, first = 500, longest = 10_000, random = Math.random): number {
  const wait = Math.min(first * 2 ** Math.min(attempt, 20), longest)
  return wait / 2 + (random() * wait) / 2
}
