/** Opens whichever store a hub is configured with. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { HubConfig } from '../config.ts'
import type { HubBus } from './bus.ts'
import type { Database } from './database.ts'
import { openPostgres } from './postgres.ts'
import { openPostgresBus } from './postgres-bus.ts'
import { prepareHubTables, prepareTrackTables } from './schema.ts'
import { openSqlite } from './sqlite.ts'

type Store = HubConfig['store']

/** Of a hub's data folder: the journal and what must be as durable as it, and the tracks. */
export const hubFile = 'hub.db'
export const trackFile = 'tracks.db'

/** Where the journal is, in a hub's data folder. */
export const sqliteFile = (folder: string): string => join(folder, hubFile)

/** The journal and what must be as durable as it. */
export async function openHubStore(store: Store): Promise<Database> {
  const database =
    store.kind === 'sqlite'
      ? openSqlite(sqliteFile(folderOf(store.folder)), 'full')
      : openPostgres({ url: store.url, durability: 'full', connections: 8 })
  return prepared(database, prepareHubTables)
}

/** Between hubs on one database; undefined where there is one hub only. */
export const openHubBus = (store: Store, onTrouble: (error: unknown) => void): HubBus | undefined =>
  store.kind === 'postgres' ? openPostgresBus(store.url, onTrouble) : undefined

/** Tracks, which may lose their last moments. */
export async function openTrackStore(store: Store): Promise<Database> {
  const database =
    store.kind === 'sqlite'
      ? openSqlite(join(folderOf(store.folder), trackFile), 'relaxed')
      : openPostgres({ url: store.url, durability: 'relaxed', connections: 2 })
  return prepared(database, prepareTrackTables)
}

async function prepared(
  database: Database,
  prepare: (database: Database) => Promise<void>,
): Promise<Database> {
  try {
    await prepare(database)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

function folderOf(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}
