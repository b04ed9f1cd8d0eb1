/** The hub while it is there: what is asked of it, and streams of it that end when it is gone. */
import { Inbox } from '../../../contract/inbox.ts'
import { Refusal } from '../../../contract/refusal.ts'

interface Ears<T> {
  onData(told: T): void
  onError(error: unknown): void
  onComplete(): void
}

export interface HubPresence<Client> {
  /** The hub is there, as whoever is signed in. Returns what is to be done when it isn't any more. */
  attend(client: Client): () => void
  /** Rejects with a `Refusal` while it is not there. */
  ask<T>(call: (client: Client) => Promise<T>): Promise<T>
  /** A stream of the hub's, for as long as the hub is there. Throws a `Refusal` while it is not. */
  relay<T>(
    subscribe: (client: Client, ears: Ears<T>) => { unsubscribe(): void },
    signal: AbortSignal,
  ): AsyncGenerator<T>
}

/** `hubHost` gives the host name or address of the hub, for whoever is told that it is not there. */
export function openHubPresence<Client>(hubHost: () => string): HubPresence<Client> {
  let present: { readonly client: Client; readonly gone: AbortSignal } | undefined
  const hub = () => {
    if (present === undefined) throw new Refusal('hub-unreachable', { address: hubHost() })
    return present
  }
  return {
    attend: (client) => {
      const gone = new AbortController()
      present = { client, gone: gone.signal }
      return () => {
        present = undefined
        gone.abort()
      }
    },
    ask: async (call) => call(hub().client),
    async *relay<T>(
      subscribe: (client: Client, ears: Ears<T>) => { unsubscribe(): void },
      signal: AbortSignal,
    ) {
      const { client, gone } = hub()
      const inbox = new Inbox<{ readonly told: T } | { readonly error: unknown } | 'over'>(
        AbortSignal.any([signal, gone]),
      )
      const subscription = subscribe(client, {
        onData: (told) => inbox.push({ told }),
        onError: (error) => inbox.push({ error }),
        // In its turn: what was told last says why it is over.
        onComplete: () => inbox.push('over'),
      })
      try {
        for await (const next of inbox) {
          if (next === 'over') return
          if ('error' in next) throw next.error
          yield next.told
        }
      } finally {
        subscription.unsubscribe()
      }
    },
  }
}
