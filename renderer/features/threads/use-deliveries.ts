/** Says of messages that have come to this seat, and that somebody here has to do with, that they have. */
import { useEffect, useRef } from 'react'
import { unmarked } from '../../../contract/threads.ts'
import { useApp } from '../../app/store.ts'
import { markMessages } from './mark.ts'
import { concerns } from './unread.ts'

export function useDeliveries(): void {
  const threads = useApp(({ shared }) => shared.state.threads)
  const incidents = useApp(({ shared }) => shared.state.incidents)
  const directory = useApp(({ shared }) => shared.state.directory)
  const account = useApp(({ session: { session } }) =>
    session?.kind === 'signed-in' ? session.account.id : undefined,
  )
  /** Up to where it has been said for each thread: the state tells of it a moment later. */
  const told = useRef(new Map<string, number>())
  useEffect(() => {
    if (account === undefined) return
    for (const [key, thread] of Object.entries(threads)) {
      const { delivered } = thread.marks[account] ?? unmarked
      const known = Math.max(delivered, told.current.get(key) ?? 0)
      if (known >= thread.count || !concerns(thread, { incidents, directory }, account)) continue
      told.current.set(key, thread.count)
      markMessages({ thread: thread.name, delivered: thread.count, read: 0 })
    }
  }, [threads, incidents, directory, account])
}
