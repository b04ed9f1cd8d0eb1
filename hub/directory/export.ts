/** The shared state written back as a site document, which imports to the same again. Pure. Holds no secrets. */
import type { Area, Unit } from '../../contract/directory.ts'
import type { Id, Name, Place } from '../../contract/primitives.ts'
import type { SharedState } from '../../contract/state.ts'

/** Rejects nothing; a state without a site gives undefined. */
export function exportSite({ site, directory, access, video }: SharedState): object | undefined {
  if (site === null) return undefined
  const { basemaps, exchanges, ...info } = site
  const areas = Object.values(directory.areas)
  const top = areas.find(({ parent }) => parent === null)
  return {
    site: {
      ...info,
      name: nameOut(info.name),
      centre: placeOut(info.centre),
      ...(top && { level: top.level }),
    },
    basemaps,
    exchanges: exchanges.map((exchange) => ({ ...exchange, name: nameOut(exchange.name) })),
    areas: nested(
      Map.groupBy(areas, ({ parent }) => parent),
      null,
    ),
    agencies: Object.values(directory.agencies).map((agency) => ({ ...agency, name: nameOut(agency.name) })),
    units: Object.values(directory.units)
      .toSorted((a, b) => a.index - b.index)
      .map(unitOut),
    channels: Object.values(directory.channels).map((channel) => ({
      ...channel,
      name: nameOut(channel.name),
    })),
    devices: Object.values(directory.devices),
    sources: Object.values(video.sources).map(({ name, unit, place, ...source }) => ({
      ...source,
      name: nameOut(name),
      ...(unit !== null && { unit }),
      ...(place !== null && { place: placeOut(place) }),
      ...video.feeds[source.id],
    })),
    accounts: Object.values(access.accounts).map((account) => ({ ...account, name: nameOut(account.name) })),
    grants: Object.values(access.grants),
  }
}

interface AreaOut {
  id: Id
  name: string | Name
  centre?: [number, number]
  areas?: AreaOut[]
}

function nested(below: ReadonlyMap<Id | null, readonly Area[]>, parent: Id | null): AreaOut[] {
  return (below.get(parent) ?? []).map((area) => {
    const areas = nested(below, area.id)
    return {
      id: area.id,
      name: nameOut(area.name),
      ...(area.centre && { centre: placeOut(area.centre) }),
      ...(areas.length > 0 && { areas }),
    }
  })
}

const unitOut = ({ index: _, ...unit }: Unit) => ({ ...unit, name: nameOut(unit.name) })

const nameOut = ({ zh, en }: Name): string | Name => (zh === en ? zh : { zh, en })

const placeOut = ({ lat, lon }: Place): [number, number] => [lat, lon]
