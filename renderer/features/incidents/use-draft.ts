/** Begins to open an incident: at a place, from a call, or from nothing. */
import type { Details } from '../../../contract/incidents.ts'
import type { Id, Place } from '../../../contract/primitives.ts'
import type { RadioAlarm } from '../../../contract/radio-journal.ts'
import type { Call } from '../../../contract/telephony.ts'
import { askForPanel } from '../../app/layout/asked-panels.ts'
import { store, useSend } from '../../app/store.ts'
import { positions } from '../map/position-store.ts'
import { areaNear } from './area-near.ts'
import { type Draft, draftBegun } from './slice.ts'

const nothing: Details = {
  title: '',
  category: 'other',
  area: null,
  place: null,
  address: null,
  caller: null,
}

export function useBeginDraft() {
  const send = useSend()
  const begin = (details: Partial<Details>, source: Draft['source']) => {
    send(draftBegun({ details: { ...nothing, ...details }, source }))
    askForPanel('incident')
  }
  return {
    at: (place: Place | undefined) => begin(detailsAt(place), { kind: 'hand' }),
    /** The caller's number, and where their unit is. */
    from: ({ id, number, name, unit }: Call) =>
      begin(
        {
          ...(unit === null ? {} : detailsOfUnit(unit)),
          caller: name === null || name === number ? number : `${name} ${number}`.slice(0, 120),
        },
        { kind: 'call', call: id },
      ),
    /** Where the unit is whose radio called for help. */
    fromAlarm: ({ id, unit }: RadioAlarm) =>
      begin(unit === null ? {} : detailsOfUnit(unit), { kind: 'alarm', alarm: id }),
    /** Where a unit is. */
    atUnit: (unit: Id) => begin(detailsOfUnit(unit), { kind: 'hand' }),
  }
}

const detailsAt = (place: Place | undefined): Partial<Details> =>
  place === undefined ? {} : { place, area: areaNear(store.getState().shared.state.directory.areas, place) }

function detailsOfUnit(id: Id): Partial<Details> {
  const unit = store.getState().shared.state.directory.units[id]
  if (unit === undefined) return {}
  const { index, area } = unit
  const place = positions.has(index)
    ? { lat: (positions.lat[index] ?? 0) / 1e7, lon: (positions.lon[index] ?? 0) / 1e7 }
    : null
  return { place, area }
}
