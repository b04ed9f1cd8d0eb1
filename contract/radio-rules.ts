/** What may be done on a radio channel. Pure. */
import { areaPath, type Directory } from './directory.ts'
import { type Capability, type Grant, may, type Target } from './permissions.ts'
import type { Id, Instant } from './primitives.ts'
import type { Channel } from './radio.ts'

/** What a permission on a channel with an area or an agency is judged by. */
const channelTarget = ({ areas }: Pick<Directory, 'areas'>, { area, agency }: Channel): Target => ({
  areas: areaPath(areas, area),
  ...(agency !== null && { agency }),
})

/**
 * Whether these grants let anybody do this on the channel. A channel without an area and an agency is for
 * everybody of the centre: there the capability is enough, whatever part of the centre it is granted over.
 * Whoever is let into one incident has that incident, and no such channel.
 */
export function mayOnChannel(
  grants: readonly Grant[],
  capability: Capability,
  directory: Pick<Directory, 'areas'>,
  channel: Channel,
  now: Instant,
): boolean {
  if (channel.area !== null || channel.agency !== null)
    return may(grants, capability, channelTarget(directory, channel), now)
  return grants.some(
    (grant) =>
      (grant.until === null || now < grant.until) &&
      grant.capabilities.includes(capability) &&
      grant.scope.kind !== 'incident',
  )
}

/** The unit that has this radio, by the id or callsign that a channel gives. */
export const unitWithRadio = ({ units }: Pick<Directory, 'units'>, radio: string): Id | null =>
  Object.values(units).find(({ terminals }) =>
    terminals.some((terminal) => terminal.kind === 'radio' && terminal.number === radio),
  )?.id ?? null
