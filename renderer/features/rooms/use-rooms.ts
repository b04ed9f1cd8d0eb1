/** Rooms as views ask for them and about them. */
import { App } from 'antd'
import { useMemo, useSyncExternalStore } from 'react'
import type { Scope } from '../../../contract/permissions.ts'
import { mayChair } from '../../../contract/room-rules.ts'
import type { RoomRequest } from '../../../contract/rooms.ts'
import { currentGrants } from '../../../contract/visibility.ts'
import type { Watched } from '../../../contract/watched.ts'
import { engine } from '../../app/engine.ts'
import { useApp } from '../../app/store.ts'
import { useExplain } from '../../ui/refusal.ts'

/** Asks the hub, and tells the officer why it was refused. Resolves with the room; undefined if it was. */
export function useRoomRequest(): (request: RoomRequest) => Promise<string | undefined> {
  const { message } = App.useApp()
  const explain = useExplain()
  return async (request) => {
    try {
      const { room } = await engine.video.rooms.request.mutate(request)
      return room
    } catch (error) {
      message.error(explain(error))
      return undefined
    }
  }
}

export function useWatched<T>(watched: Watched<T>): T {
  const subscribe = useMemo(() => (changed: () => void) => watched.onChange(changed), [watched])
  return useSyncExternalStore(subscribe, () => watched.value)
}

export const useOwnAccount = () =>
  useApp(({ session: { session } }) => (session?.kind === 'signed-in' ? session.account : undefined))

/** Whether the officer may chair a room over this. The hub judges it anew. */
export function useMayChair(): (scope: Scope) => boolean {
  const state = useApp(({ shared }) => shared.state)
  const account = useOwnAccount()
  return (scope) =>
    account !== undefined && mayChair(currentGrants(state, account.id), state, scope, Date.now())
}

/** Over what the officer's own rooms are: as widely as they may chair. Undefined: nothing. */
export function useOwnScope(): Scope | undefined {
  const may = useMayChair()
  const account = useOwnAccount()
  const scopes: readonly Scope[] = account === undefined ? [] : [{ kind: 'centre' }, account.scope]
  return scopes.find(may)
}
