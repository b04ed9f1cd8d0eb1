/** On which channels this officer may make a patch. */
import { useMemo } from 'react'
import type { Channel } from '../../../contract/radio.ts'
import { mayOnChannel } from '../../../contract/radio-rules.ts'
import { currentGrants } from '../../../contract/visibility.ts'
import { useApp } from '../../app/store.ts'
import { accountOf } from './selectors.ts'

/** Of those that the engine has: one that is not listened to can't be patched. */
export function usePatchable(): readonly Channel[] {
  const account = useApp(accountOf)
  const state = useApp(({ shared }) => shared.state)
  const told = useApp(({ radio }) => radio.radio.channels)
  return useMemo(() => {
    if (account === null) return []
    const grants = currentGrants(state, account)
    const { directory } = state
    return Object.values(directory.channels).filter(
      (channel) =>
        told.some(({ id }) => id === channel.id) &&
        mayOnChannel(grants, 'patch', directory, channel, Date.now()),
    )
  }, [account, state, told])
}
