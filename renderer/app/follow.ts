/** Brings everything the engine tells into the store and the position store. */

import { stateTold } from '../features/directory/slice.ts'
import { incidentSelected } from '../features/incidents/slice.ts'
import { positions } from '../features/map/position-store.ts'
import { radioChanged } from '../features/radio/slice.ts'
import { roomsTold } from '../features/rooms/slice.ts'
import { hubGreeted, sessionChanged } from '../features/session/slice.ts'
import { settingsChanged } from '../features/settings/slice.ts'
import { statusesTold } from '../features/sources/slice.ts'
import { engineCame, engineWent, linkChanged } from '../features/status/slice.ts'
import { supervisionChanged } from '../features/supervision/slice.ts'
import { lampsChanged } from '../features/telephony/lamps-slice.ts'
import { telephoneChanged } from '../features/telephony/slice.ts'
import { engine, onFrame, onPresence } from './engine.ts'
import { inBreaths } from './in-breaths.ts'
import { store } from './store.ts'

/** The engine has told the log; a subscription that failed is begun again with the next engine. */
const onError = () => undefined

/** Of all that is told, so that it is taken in its order. */
const dispatch = inBreaths((action: Parameters<typeof store.dispatch>[0]) => void store.dispatch(action))

/** Subscriptions come back by themselves when the engine does; positions must be asked for again. */
export function followEngine(): void {
  followDuty()
  onPresence((present) => {
    if (present) engine.positions.start.mutate().catch(onError)
  })
  onFrame((frame) => positions.take(frame))
  engine.hub.watch.subscribe(undefined, { onData: (data) => dispatch(hubGreeted(data)), onError })
  engine.supervision.watch.subscribe(undefined, {
    onData: (data) => dispatch(supervisionChanged(data)),
    onError,
  })
  engine.video.rooms.watch.subscribe(undefined, { onData: (data) => dispatch(roomsTold(data)), onError })
  engine.telephone.lamps.subscribe(undefined, { onData: (data) => dispatch(lampsChanged(data)), onError })
}

/** What every page of the console follows: who is on duty, what there is, and what talking takes. */
export function followDuty(): void {
  onPresence((present) => dispatch(present ? engineCame() : engineWent()))
  engine.settings.watch.subscribe(undefined, { onData: (data) => dispatch(settingsChanged(data)), onError })
  engine.session.watch.subscribe(undefined, { onData: (data) => dispatch(sessionChanged(data)), onError })
  engine.hub.link.subscribe(undefined, { onData: (data) => dispatch(linkChanged(data)), onError })
  engine.telephone.watch.subscribe(undefined, {
    onData: (data) => dispatch(telephoneChanged(data)),
    onError,
  })
  engine.radio.watch.subscribe(undefined, { onData: (data) => dispatch(radioChanged(data)), onError })
  engine.video.sources.watchStatus.subscribe(undefined, {
    onData: (data) => dispatch(statusesTold(data)),
    onError,
  })
  engine.incidents.selected.subscribe(undefined, {
    onData: (data) => dispatch(incidentSelected(data)),
    onError,
  })
  engine.state.watch.subscribe(undefined, { onData: (data) => dispatch(stateTold(data)), onError })
}
