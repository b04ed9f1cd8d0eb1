/** The shared state: a fold over the journal, the same in the hub and in every console. */
import { produce } from 'immer'
import { type Accounts, accountEvents, applyAccountEvent, noAccounts } from './accounts.ts'
import { applyDirectoryEvent, type Directory, directoryEvents, emptyDirectory } from './directory.ts'
import type { Happening } from './events.ts'
import { applyIncidentEvent, type Incidents, incidentEvents, noIncidents } from './incidents.ts'
import {
  applyRadioEvent,
  forgetChannel,
  forgetUnit,
  noRadioFacts,
  type RadioFacts,
  radioEvents,
} from './radio-journal.ts'
import { applyRoomEvent, type Rooms, roomEvents } from './rooms.ts'
import type { SiteInfo } from './site-info.ts'
import { applySourceEvent, noSources, type Sources, sourceEvents } from './sources.ts'
import { applyThreadEvent, forgetUnitInThreads, type Threads, threadEvents, threadKey } from './threads.ts'

export interface SharedState {
  site: SiteInfo | null
  directory: Directory
  access: Accounts
  incidents: Incidents
  video: Sources
  /** Of the hub only: seats are told of rooms as they live (`RoomsPort`). */
  rooms: Rooms
  radio: RadioFacts
  threads: Threads
}

export const emptyState: SharedState = {
  site: null,
  directory: emptyDirectory,
  access: noAccounts,
  incidents: noIncidents,
  video: noSources,
  rooms: {},
  radio: noRadioFacts,
  threads: {},
}

/** Changes `state` (an Immer draft, or a state nobody else holds) by one event. */
export function applyEvent(state: SharedState, event: Happening): void {
  if (event.kind === 'unit.removed') {
    forgetUnitInThreads(state.threads, event.data.id)
    forgetUnit(state.radio, event.data.id)
  }
  if (event.kind === 'incident.filed')
    delete state.threads[threadKey({ kind: 'incident', incident: event.data.id })]
  if (event.kind === 'room.ended') delete state.threads[threadKey({ kind: 'room', room: event.data.id })]
  if (event.kind === 'channel.removed') forgetChannel(state.radio, event.data.id)
  if (event.kind === 'site.put') state.site = event.data
  else if (isOf(directoryEvents, event)) applyDirectoryEvent(state.directory, event)
  else if (isOf(accountEvents, event)) applyAccountEvent(state.access, event)
  else if (isOf(threadEvents, event)) {
    const { thread } = event.data
    // What is filed has no thread any more.
    if (thread.kind !== 'incident' || thread.incident in state.incidents.live)
      applyThreadEvent(state.threads, event)
  } else if (isOf(incidentEvents, event)) applyIncidentEvent(state.incidents, event)
  else if (isOf(sourceEvents, event)) applySourceEvent(state.video, event)
  else if (isOf(roomEvents, event)) applyRoomEvent(state.rooms, event)
  else if (isOf(radioEvents, event)) applyRadioEvent(state.radio, event)
}

/** The state after these events. Pure. */
export function fold(state: SharedState, events: readonly Happening[]): SharedState {
  return events.length === 0
    ? state
    : produce(state, (draft) => {
        for (const event of events) applyEvent(draft, event)
      })
}

function isOf<T extends object>(kinds: T, event: Happening): event is Extract<Happening, { kind: keyof T }> {
  return event.kind in kinds
}
