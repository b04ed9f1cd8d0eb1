/** When a position was sent, written into the position itself, so that it can be read at the far end of anything. */

/** Times repeat after this, ms. */
const CYCLE = 20_000
const BASE_LAT = 320_000_000

const now = (): number => Math.floor(performance.timeOrigin + performance.now())

/** Degrees of latitude that say when they were made. */
export const stampedLat = (): number => (BASE_LAT + (now() % CYCLE)) / 1e7

/** How many milliseconds ago this latitude, in 1e-7 degrees, was made. */
export const ageOfStamp = (lat: number): number => (now() - (lat - BASE_LAT) + CYCLE * 1000) % CYCLE
