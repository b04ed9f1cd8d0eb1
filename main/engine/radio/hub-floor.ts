/** The floor, asked of the hub over its contract: reachable as long as the hub is there and keeps the floor. */
import type { TRPCClient } from '@trpc/client'
import type { FloorMessage } from '../../../contract/floor-service.ts'
import type { HubRouter } from '../../../contract/hub.ts'
import { refusedBy } from '../../../contract/rpc.ts'
import type { Patch } from '../../../contract/seat-radio.ts'
import { Watched } from '../../../contract/watched.ts'
import type { FloorLink, FloorNotice } from './floor-link.ts'

type FloorClient = Pick<TRPCClient<HubRouter>, 'floor'>['floor']

export interface HubFloor extends FloorLink {
  /** The hub is there, as whoever is signed in. Returns what is to be done when it isn't any more. */
  attend(client: { readonly floor: FloorClient }): () => void
  /** All patches that the seat holds now. */
  hold(patches: readonly Patch[]): void
}

export function openHubFloor(onTrouble: (what: string, error: unknown) => void): HubFloor {
  const reachable = new Watched(false)
  const listeners = new Set<(notice: FloorNotice) => void>()
  let hub: FloorClient | undefined
  let held: readonly Patch[] = []
  /** What others do, by channel and kind: channels are opened after it was told. */
  const standing = new Map<string, FloorNotice>()

  const tell = (notice: FloorNotice) => {
    for (const listener of listeners) listener(notice)
  }
  const take = (message: FloorMessage) => {
    if (message.kind === 'keeping') {
      standing.clear()
      reachable.set(message.here)
      if (held.length > 0) sayHeld()
    } else if (reachable.value) {
      if (message.kind === 'taken' || message.kind === 'idle')
        standing.set(`floor/${message.channel}`, message)
      if (message.kind === 'patched') standing.set(`patches/${message.channel}`, message)
      tell(message)
    }
  }
  /** What the hub did not take down it does not act on; if it is gone, `reachable` tells all there is to tell. */
  const send = (saying: Promise<void> | undefined, refused: () => void = () => undefined) =>
    void saying?.catch((error) => {
      if (refusedBy(error) === undefined) return
      onTrouble('the floor', error)
      refused()
    })

  const sayHeld = () =>
    send(
      hub?.tellPatches.mutate({
        patches: held.map(({ id, ends, since }) => ({ id, ends: [...ends], since })),
      }),
    )

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
    recall: (channel) => {
      for (const kind of ['floor', 'patches']) {
        const notice = standing.get(`${kind}/${channel}`)
        if (notice !== undefined) tell(notice)
      }
    },
    hold: (patches) => {
      if (patches === held) return
      held = patches
      sayHeld()
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
        standing.clear()
        reachable.set(false)
      }
    },
  }
}
