/** The seat's copy of the shared state: kept up by the hub, kept on disk so that it is there when the hub is not. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StateMessage } from '../../../contract/hub.ts'
import { Inbox } from '../../../contract/inbox.ts'
import type { Id } from '../../../contract/primitives.ts'
import { emptyState, fold, type SharedState } from '../../../contract/state.ts'

const KEEP_AFTER_MS = 5_000
/** Raise it when the shape of the state changes. */
const FORMAT = 5

export interface Mirror {
  readonly state: SharedState
  /** The journal's place that `state` is of, or null if it is of none. */
  readonly seq: number | null
  take(seq: number, message: StateMessage): void
  /** Begins with a snapshot. */
  watch(signal: AbortSignal): AsyncIterable<StateMessage>
  /** Takes up what the disk has of this account, if anything. */
  recall(account: Id): Promise<void>
  /** Empties the mirror; from now on it is that account's, or nobody's. */
  begin(account: Id | null): void
  close(): Promise<void>
}

export function openMirror(folder: string, onTrouble: (error: unknown) => void): Mirror {
  let state = emptyState
  let seq: number | null = null
  let owner: Id | null = null
  let timer: NodeJS.Timeout | undefined
  let saving: Promise<void> = Promise.resolve()
  const watchers = new Set<Inbox<StateMessage>>()
  const fileOf = (account: Id) => join(folder, `mirror-${account}.json`)

  const tell = (message: StateMessage) => {
    for (const inbox of watchers)
      if (message.kind === 'snapshot') inbox.replace(message)
      else inbox.push(message)
  }
  const save = () => {
    clearTimeout(timer)
    timer = undefined
    if (owner === null || seq === null) return saving
    const file = fileOf(owner)
    const text = JSON.stringify({ format: FORMAT, seq, state })
    saving = saving.then(() => replaceFile(file, text)).catch(onTrouble)
    return saving
  }

  return {
    get state() {
      return state
    },
    get seq() {
      return seq
    },
    take: (at, message) => {
      seq = at
      state = message.kind === 'snapshot' ? message.state : fold(state, message.events)
      tell(message)
      timer ??= setTimeout(save, KEEP_AFTER_MS)
    },
    async *watch(signal) {
      const inbox = new Inbox<StateMessage>(signal)
      inbox.push({ kind: 'snapshot', state })
      watchers.add(inbox)
      try {
        yield* inbox
      } finally {
        watchers.delete(inbox)
      }
    },
    recall: async (account) => {
      try {
        const kept = JSON.parse(await readFile(fileOf(account), 'utf8'))
        if (kept.format !== FORMAT || seq !== null || owner !== account) return
        state = kept.state
        seq = kept.seq
        tell({ kind: 'snapshot', state })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
          onTrouble(error)
          await rm(fileOf(account), { force: true })
        }
      }
    },
    begin: (account) => {
      void save()
      owner = account
      state = emptyState
      seq = null
      tell({ kind: 'snapshot', state })
    },
    close: async () => {
      await save()
    },
  }
}

/** Either the old contents or the new are there, whatever happens. */
async function replaceFile(file: string, text: string): Promise<void> {
  const next = `${file}.next`
  await writeFile(next, text, { mode: 0o600, flush: true })
  await rename(next, file)
}
