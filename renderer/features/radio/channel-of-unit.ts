/** On which channel a unit is reached. Pure. */
import { areaPath, type Directory, type Unit } from '../../../contract/directory.ts'
import type { Id } from '../../../contract/primitives.ts'
import type { Channel } from '../../../contract/radio.ts'
import type { SeatChannel } from '../../../contract/seat-radio.ts'

/** `heard`: it was heard there. `own`: of its agency or area. `common`: of everybody. */
export interface WayToUnit {
  readonly channel: Id
  readonly because: 'heard' | 'own' | 'common'
}

/**
 * Where it is heard or was heard last; else the channel that fits it best: of its agency before its area, the nearest
 * area before those above it. `told`: those that the seat listens to, others can't be talked on.
 */
export function channelOf(
  unit: Unit,
  { channels, areas }: Pick<Directory, 'channels' | 'areas'>,
  told: readonly SeatChannel[],
): WayToUnit | undefined {
  const [latest] = told
    .map((seat) => ({ channel: seat.id, at: heardAt(seat, unit.id) }))
    .filter(({ at }) => at > 0)
    .toSorted((a, b) => b.at - a.at)
  if (latest !== undefined) return { channel: latest.channel, because: 'heard' }
  const path = areaPath(areas, unit.area)
  const fitting = told
    .flatMap(({ id }) => channels[id] ?? [])
    .map((channel) => ({ channel, fit: fitOf(channel, unit, path) }))
    .filter(({ fit }) => fit > 0)
    .toSorted((a, b) => b.fit - a.fit)
  const [best] = fitting
  if (best === undefined) return undefined
  const { id, agency, area } = best.channel
  return { channel: id, because: agency === null && area === null ? 'common' : 'own' }
}

function heardAt({ reception, lastHeard }: SeatChannel, unit: Id): number {
  if (reception.squelch === 'open' && reception.talker.unit === unit) return Number.POSITIVE_INFINITY
  return lastHeard?.talker.unit === unit ? lastHeard.at : 0
}

/** 0: it is another's. `path`: the unit's area and all above it. */
function fitOf({ agency, area }: Channel, unit: Unit, path: readonly Id[]): number {
  if (agency !== null && agency !== unit.agency) return 0
  if (area !== null && !path.includes(area)) return 0
  const nearness = area === null ? 0 : (path.length - path.indexOf(area)) / (path.length + 1)
  return 1 + nearness + (agency === null ? 0 : 2)
}
