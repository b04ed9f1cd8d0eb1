/** SQLite embedded in the hub: one file, WAL, a thread of its own. */
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type Database, type Durability, type SqlRow, StoreFailure, UniqueViolation } from './database.ts'
import type { SqliteAnswer, SqliteOptions, SqliteRequest } from './sqlite-worker.ts'

/** How often to look whether another process wrote to the file. */
const LOOK_EVERY_MS = 1000

type Request = SqliteRequest extends infer R ? (R extends SqliteRequest ? Omit<R, 'id'> : never) : never

export function openSqlite(file: string, durability: Durability): Database {
  const worker = new Worker(new URL(`./sqlite-worker${extname(import.meta.url)}`, import.meta.url), {
    workerData: { file, durability } satisfies SqliteOptions,
  })
  const waiting = new Map<number, { resolve(answer: SqliteAnswer): void; reject(error: Error): void }>()
  const listeners = new Set<() => void>()
  let lastId = 0
  let broken: StoreFailure | undefined
  let version: number | undefined

  const fail = (why: string) => {
    broken ??= new StoreFailure(why)
    for (const { reject } of waiting.values()) reject(broken)
    waiting.clear()
  }
  worker.on('error', (error) => fail(`${file}: ${error instanceof Error ? error.message : error}`))
  worker.on('exit', () => fail(`${file} is closed`))
  worker.on('message', (answer: SqliteAnswer) => {
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (!('error' in answer)) asked?.resolve(answer)
    else
      asked?.reject(
        answer.error.unique
          ? new UniqueViolation(answer.error.message)
          : new StoreFailure(answer.error.message),
      )
  })

  const ask = (request: Request): Promise<SqliteAnswer> =>
    new Promise((resolve, reject) => {
      if (broken !== undefined) {
        reject(broken)
        return
      }
      const id = ++lastId
      waiting.set(id, { resolve, reject })
      worker.postMessage({ ...request, id } as SqliteRequest)
    })

  const transact: Database['transact'] = async (statements) => {
    await ask({ kind: 'transact', statements })
  }

  const look = async () => {
    const answer = await ask({ kind: 'version' })
    if (!('version' in answer)) return
    const moved = version !== undefined && answer.version !== version
    version = answer.version
    if (moved) for (const listener of listeners) listener()
  }
  // A look that fails is made good by the next one; whoever asks for something learns of lasting trouble.
  const lookAgain = () => look().catch(() => undefined)
  void lookAgain()
  const looking = setInterval(lookAgain, LOOK_EVERY_MS)
  looking.unref()

  return {
    rows: async (sql, values = []): Promise<SqlRow[]> => {
      const answer = await ask({ kind: 'rows', statement: { sql, values } })
      return 'rows' in answer ? answer.rows : []
    },
    transact,
    transactAndAnnounce: transact,
    onAnnouncement: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      clearInterval(looking)
      if (broken === undefined) await ask({ kind: 'close' })
      await worker.terminate()
    },
  }
}
