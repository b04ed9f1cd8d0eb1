/** A unit on its way through the streets. Pure but for its own place. */
import type { UnitKind } from '../../contract/directory.ts'
import type { Place } from '../../contract/primitives.ts'
import type { Chance } from './random.ts'
import type { StreetRank, Streets, Stretch } from './streets.ts'

/** Metres a second by kind, and on what rank of street a vehicle may go how fast. */
const paces: Record<UnitKind, readonly [low: number, high: number]> = {
  person: [0.8, 1.6],
  patrol: [3, 9],
  vehicle: [8, 16],
  drone: [6, 14],
  post: [0, 0],
}
const limits: Record<StreetRank, number> = { street: 11, avenue: 16, expressway: 25 }
/** How often one stops at a crossing, and for how long at most, seconds. */
const STOPS = 0.25
const LONGEST_STOP = 40

export interface Reported extends Place {
  /** m/s. */
  readonly speed: number
  /** Degrees clockwise from north; undefined while standing. */
  readonly heading: number | undefined
}

export class Traveller {
  readonly #streets: Streets
  readonly #chance: Chance
  readonly #kind: UnitKind
  /** Metres to the side of the street's line, so that units do not stack up on it. */
  readonly #aside: number
  #from: number
  #stretch: Stretch | undefined
  #done = 0
  #pace: number
  #standing = 0

  constructor(streets: Streets, kind: UnitKind, chance: Chance, start: number) {
    this.#streets = streets
    this.#kind = kind
    this.#chance = chance
    this.#aside = chance.between(3, 14)
    this.#from = start
    this.#pace = this.#choosePace()
    this.#stretch = this.#choose(undefined)
    this.#done = (this.#stretch?.length ?? 0) * chance.next()
  }

  /** Goes on for so many seconds. */
  travel(seconds: number): Reported {
    if (this.#kind === 'post') return this.#report(0)
    let left = seconds
    while (left > 0) {
      if (this.#standing > 0) {
        const stood = Math.min(this.#standing, left)
        this.#standing -= stood
        left -= stood
        continue
      }
      const stretch = this.#stretch
      if (stretch === undefined) break
      const speed = Math.min(this.#pace, limits[stretch.rank])
      const needed = (stretch.length - this.#done) / speed
      if (needed > left) {
        this.#done += speed * left
        return this.#report(speed)
      }
      left -= needed
      this.#arrive(stretch)
    }
    return this.#report(0)
  }

  #arrive(stretch: Stretch): void {
    const came = this.#from
    this.#from = stretch.to
    this.#stretch = this.#choose(came)
    this.#done = 0
    this.#pace = this.#choosePace()
    if (this.#chance.next() < STOPS) this.#standing = this.#chance.between(2, LONGEST_STOP)
  }

  /** Any way on but back, unless there is no other. */
  #choose(came: number | undefined): Stretch | undefined {
    const all = this.#streets.stretches[this.#from] ?? []
    const [first, ...rest] = all.filter(({ to }) => to !== came)
    return first === undefined ? all[0] : this.#chance.pick([first, ...rest])
  }

  #choosePace(): number {
    const [low, high] = paces[this.#kind]
    return this.#chance.between(low, high)
  }

  #report(speed: number): Reported {
    const from = this.#streets.nodes[this.#from] as Place
    const to = this.#stretch === undefined ? from : (this.#streets.nodes[this.#stretch.to] as Place)
    const share = this.#stretch === undefined ? 0 : this.#done / this.#stretch.length
    const northM = (to.lat - from.lat) * 111_132
    const eastM = (to.lon - from.lon) * 111_320 * Math.cos((from.lat * Math.PI) / 180)
    const bearing = Math.atan2(eastM, northM)
    // Traffic keeps to the right.
    const right = bearing + Math.PI / 2
    const lat = from.lat + (to.lat - from.lat) * share + (Math.cos(right) * this.#aside) / 111_132
    const lon =
      from.lon +
      (to.lon - from.lon) * share +
      (Math.sin(right) * this.#aside) / (111_320 * Math.cos((from.lat * Math.PI) / 180))
    const heading = speed === 0 ? undefined : ((bearing * 180) / Math.PI + 360) % 360
    return { lat, lon, speed, heading }
  }
}
