/** What each of many who watch is told: as it is, then whenever it is another; what changes together is told at once. */
import { Inbox } from '../../contract/inbox.ts'
import type { Id } from '../../contract/primitives.ts'

export interface Told<T> {
  watch(account: Id, signal: AbortSignal): AsyncIterable<T>
  /** It may be another for somebody. */
  touch(): void
  /** Whoever watches. */
  accounts(): Id[]
  close(): void
}

interface ToldOptions<T> {
  readonly gatherMs: number
  /** What this account is to be told now. */
  of(account: Id): T
  /** Somebody watches from now on. */
  onWatch(): void
}

export function openTold<T extends object>({ gatherMs, of, onWatch }: ToldOptions<T>): Told<T> {
  const watchers = new Map<Inbox<T>, { readonly account: Id; said: string | undefined }>()
  let gathering: NodeJS.Timeout | undefined

  const tell = () => {
    gathering = undefined
    for (const [inbox, watcher] of watchers) {
      const value = of(watcher.account)
      const said = JSON.stringify(value)
      if (said === watcher.said) continue
      watcher.said = said
      inbox.replace(value)
    }
  }
  const touch = () => {
    gathering ??= setTimeout(tell, gatherMs)
  }

  return {
    async *watch(account, signal) {
      const inbox = new Inbox<T>(signal)
      watchers.set(inbox, { account, said: undefined })
      touch()
      onWatch()
      try {
        yield* inbox
      } finally {
        watchers.delete(inbox)
      }
    },
    touch,
    accounts: () => [...watchers.values()].map(({ account }) => account),
    close: () => clearTimeout(gathering),
  }
}
