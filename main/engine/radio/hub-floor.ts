/** The floor, asked of the hub over its contract: reachable as long as the hub is there and keeps the floor. */
import type { TRPCClient } from '@trpc/client'
import type { FloorMessage } from '../../../contract/floor-service.ts'
import type { HubRouter } from '../../../contract/hub.ts'
import { refusedBy } from '../../../contract/rpc.ts'
import { Watched } from '../../../contract/watched.ts'
import type { FloorLink, FloorNotice } from './floor-link.ts'

type FloorClient = Pick<TRPCClient<HubRouter>, 'floor'>['floor']

export interface HubFloor extends FloorLink {
  /** The hub is there, as whoever is signed in. Returns what is to be done when it isn't any more. */
  attend(client: { readonly floor: FloorClient }): () => void
}

export function openHubFloor(onTrouble: (what: string, error: unknown) => void): HubFloor {
  const reachable = new Watched(false)
  const listeners = new Set<(notice: FloorNotice) => void>()
  let hub: FloorClient | undefined

  const tell = (notice: FloorNotice) => {
    for (const listener of listeners) listener(notice)
  }
  const take = (message: FloorMessage) => {
    if (message.kind === 'keeping') reachable.set(message.here)
    else if (reachable.value) tell(message)
  }
  /** What the hub did not take down it does not act on; if it is gone, `reachable` tells all there is to tell. */
  const send = (saying: Promise<void> | undefined, refused: () => void = () => undefined) =>
    void saying?.catch((error) => {
      if (refusedBy(error) === undefined) return
      onTrouble('the floor', error)
      refused()
    })

  return {
    reachable,
    request: (channel, turn, emergency) =>
      send(hub?.request.mutate({ channel, turn, emergency }), () =>
        tell({ kind: 'denied', channel, turn, why: 'busy' }),
      ),
    release: (channel, turn) => send(hub?.release.mutate({ channel, turn })),
    talking: (channel, turn) => send(hub?.alive.mutate({ channel, turn })),
    heard: (channel, talker) => send(hub?.heard.mutate({ channel, talker })),
    onNotice: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    attend: ({ floor }) => {
      hub = floor
      const attendance = floor.attend.subscribe(undefined, {
        onData: (message) => {
          if (hub === floor) take(message as FloorMessage)
        },
        onError: (error) => onTrouble('the floor', error),
      })
      return () => {
        if (hub === floor) hub = undefined
        attendance.unsubscribe()
        reachable.set(false)
      }
    },
  }
}
