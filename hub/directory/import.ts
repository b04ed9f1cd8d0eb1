/** What an import of a site document changes: nothing that is the same already. Pure. */
import { type Area, areaPath } from '../../contract/directory.ts'
import type { Happening } from '../../contract/events.ts'
import type { Id } from '../../contract/primitives.ts'
import type { SiteDocument } from '../../contract/site.ts'
import type { Feed } from '../../contract/sources.ts'
import type { SharedState } from '../../contract/state.ts'

/** The events that make the shared state say what the document says, in an order in which each makes sense. */
export function planImport(state: SharedState, document: SiteDocument): Happening[] {
  const { directory, access, video } = state
  const { level: _, ...site } = document.site
  // Where an exchange is may be said by whoever runs it (exchange.place) instead of by the file.
  const exchanges = document.exchanges.map((exchange) => ({
    ...exchange,
    servers:
      exchange.servers.length > 0
        ? exchange.servers
        : (state.site?.exchanges.find(({ id }) => id === exchange.id)?.servers ?? []),
  }))
  const siteInfo = { ...site, basemaps: document.basemaps, exchanges }
  let nextIndex = directory.nextUnitIndex
  const units = document.units.map((unit) => {
    const known = directory.units[unit.id]
    // Its state is what the shift made of it, not what the file began with.
    return known === undefined
      ? { ...unit, index: nextIndex++ }
      : { ...unit, index: known.index, state: known.state }
  })
  const channels = document.channels.map((channel) => {
    const known = directory.channels[channel.id]?.access
    // Where it is was said by whoever runs it (channel.place), not by the file.
    return channel.placed && known?.kind === channel.access.kind ? { ...channel, access: known } : channel
  })
  const devices = document.devices.map(({ password: _, ...device }) => device)
  const sources = document.sources.map(({ source }) => source)
  const accounts = document.accounts.map(({ password: _, ...account }) => account)

  return [
    ...(same(state.site, siteInfo)
      ? []
      : [{ kind: 'site.put' as const, subject: `site/${siteInfo.id}`, area: null, data: siteInfo }]),
    ...document.areas
      .filter((area) => !same(directory.areas[area.id], area))
      .map((area) => ({ kind: 'area.put' as const, subject: `area/${area.id}`, area: area.id, data: area })),
    ...document.agencies
      .filter((agency) => !same(directory.agencies[agency.id], agency))
      .map((agency) => ({
        kind: 'agency.put' as const,
        subject: `agency/${agency.id}`,
        area: null,
        data: agency,
      })),
    ...units
      .filter((unit) => !same(directory.units[unit.id], unit))
      .map((unit) => ({
        kind: 'unit.put' as const,
        subject: `unit/${unit.id}`,
        area: unit.area,
        data: unit,
      })),
    ...channels
      .filter((channel) => !same(directory.channels[channel.id], channel))
      .map((channel) => ({
        kind: 'channel.put' as const,
        subject: `channel/${channel.id}`,
        area: channel.area,
        data: channel,
      })),
    ...devices
      .filter((device) => !same(directory.devices[device.user], device))
      .map((device) => ({
        kind: 'device.put' as const,
        subject: `device/${device.user}`,
        area: null,
        data: device,
      })),
    ...document.sources.flatMap(({ source, feed: said }) => {
      const feed = placedFeed(said, video.feeds[source.id])
      const about = { subject: `source/${source.id}`, area: source.area }
      return [
        ...(same(video.sources[source.id], source)
          ? []
          : [{ kind: 'source.put' as const, ...about, data: source }]),
        ...(same(video.feeds[source.id], feed)
          ? []
          : [{ kind: 'source.fed' as const, ...about, data: { id: source.id, feed } }]),
      ]
    }),
    ...accounts
      .filter((account) => !same(access.accounts[account.id], account))
      .map((account) => ({
        kind: 'account.put' as const,
        subject: `account/${account.id}`,
        area: null,
        data: account,
      })),
    ...document.grants
      .filter((grant) => !same(access.grants[grant.id], grant))
      .map((grant) => ({
        kind: 'grant.given' as const,
        subject: `grant/${grant.id}`,
        area: null,
        data: grant,
      })),
    ...gone(access.grants, document.grants, ({ id }) => id).map((id) => ({
      kind: 'grant.ended' as const,
      subject: `grant/${id}`,
      area: null,
      data: { id, reason: 'not in the imported site file' },
    })),
    ...gone(access.accounts, accounts, ({ id }) => id).map((id) => ({
      kind: 'account.removed' as const,
      subject: `account/${id}`,
      area: null,
      data: { id },
    })),
    ...gone(directory.devices, devices, ({ user }) => user).map((user) => ({
      kind: 'device.removed' as const,
      subject: `device/${user}`,
      area: null,
      data: { user },
    })),
    ...gone(directory.channels, channels, ({ id }) => id).map((id) => ({
      kind: 'channel.removed' as const,
      subject: `channel/${id}`,
      area: directory.channels[id]?.area ?? null,
      data: { id },
    })),
    ...gone(video.sources, sources, ({ id }) => id).map((id) => ({
      kind: 'source.removed' as const,
      subject: `source/${id}`,
      area: video.sources[id]?.area ?? null,
      data: { id },
    })),
    ...gone(directory.units, units, ({ id }) => id).map((id) => ({
      kind: 'unit.removed' as const,
      subject: `unit/${id}`,
      area: directory.units[id]?.area ?? null,
      data: { id },
    })),
    ...gone(directory.agencies, document.agencies, ({ id }) => id).map((id) => ({
      kind: 'agency.removed' as const,
      subject: `agency/${id}`,
      area: null,
      data: { id },
    })),
    ...deepestFirst(
      directory.areas,
      gone(directory.areas, document.areas, ({ id }) => id),
    ).map((id) => ({
      kind: 'area.removed' as const,
      subject: `area/${id}`,
      area: directory.areas[id]?.parent ?? null,
      data: { id },
    })),
  ]
}

const gone = <T>(
  record: Readonly<Record<string, unknown>>,
  kept: readonly T[],
  idOf: (value: T) => string,
): string[] => {
  const ids = new Set(kept.map(idOf))
  return Object.keys(record).filter((id) => !ids.has(id))
}

const deepestFirst = (areas: Readonly<Record<Id, Area>>, ids: readonly Id[]): Id[] =>
  ids.toSorted((a, b) => areaPath(areas, b).length - areaPath(areas, a).length)

/** Deep equality of plain data; a property that is undefined counts as absent. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const left = Object.entries(a).filter(([, value]) => value !== undefined)
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined))
  return (
    left.length === right.size && left.every(([key, value]) => right.has(key) && same(value, right.get(key)))
  )
}

/** Where a camera is that is `placed` was said by whoever runs it (source.place), not by the file. */
const placedFeed = (said: Feed, known: Feed | undefined): Feed =>
  said.kind === 'rtsp' && said.placed === true && known?.kind === 'rtsp' ? { ...said, url: known.url } : said
