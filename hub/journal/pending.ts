/** What has happened and must come into the journal, however long the store is away. */
import type { Journal, Submitted } from './journal.ts'

const WRITE_AGAIN_MS = 5_000

export interface Pending {
  /** Written in the hub's own name, until it is, or the hub stops. */
  write(decide: Submitted['decide']): void
  /** Waits for what is being written; what fails now is not tried again. */
  close(): Promise<void>
}

export interface PendingOptions {
  readonly journal: Pick<Journal, 'submit'>
  /** It could not be written yet; it is tried again. */
  onTrouble(error: unknown): void
}

export function openPending({ journal, onTrouble }: PendingOptions): Pending {
  const writing = new Set<Promise<void>>()
  let closed = false

  const untilWritten = async (decide: Submitted['decide']) => {
    for (;;)
      try {
        await journal.submit({ actor: { kind: 'hub' }, decide })
        return
      } catch (error) {
        onTrouble(error)
        if (closed) return
        await new Promise((resolve) => setTimeout(resolve, WRITE_AGAIN_MS).unref())
      }
  }

  return {
    write: (decide) => {
      const work = untilWritten(decide).finally(() => writing.delete(work))
      writing.add(work)
    },
    close: async () => {
      closed = true
      await Promise.all(writing)
    },
  }
}
