/** A PostgreSQL cluster of a test's own: its data in a temporary folder, on a Unix socket in it. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { vi } from 'vitest'
import type { AtEnd } from './at-end.ts'
import { temporaryFolder } from './folder.ts'
import { type Program, runProgram, startProgram } from './processes.ts'
import { giveTo, insteadOfRoot } from './unprivileged.ts'

const USER = 'watchfloor'

export interface Postgres {
  /** A new database's address, as a hub wants it. */
  createDatabase(): Promise<string>
  /** SIGKILL to the server, which its children do not outlive. */
  kill(): Promise<void>
  /** Lets nobody finish: connections break, the next start recovers. */
  stopAtOnce(): Promise<void>
  start(): Promise<void>
}

/** Starts a cluster; it is stopped and removed at the end. */
export async function startPostgres(atEnd: AtEnd): Promise<Postgres> {
  const user = insteadOfRoot('postgres')
  const folder = temporaryFolder(atEnd)
  giveTo(user, folder)
  const data = join(folder, 'data')
  const bin = join('/usr/lib/postgresql', newestVersion(), 'bin')
  const options = { ...user, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } }
  await runProgram(
    join(bin, 'initdb'),
    ['--pgdata', data, '--username', USER, '--auth', 'trust', '--encoding', 'UTF8', '--no-sync'],
    options,
  )
  let server: Program | undefined
  let databases = 0
  const urlOf = (database: string) =>
    `postgres://${USER}@localhost/${database}?host=${encodeURIComponent(folder)}`

  const start = async () => {
    server = startProgram(
      atEnd,
      join(bin, 'postgres'),
      // What a killed server has written is with the operating system, on the disk or not: only a machine that loses its
      // power needs the latter, and beginning again takes minutes with it where the disk is busy.
      ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off'],
      options,
    )
    await vi.waitFor(() => query('SELECT 1'), { timeout: 90_000, interval: 100 })
  }
  const query = async (sql: string) => {
    const client = new pg.Client({ connectionString: urlOf('postgres'), connectionTimeoutMillis: 2_000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query(sql)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  await start()
  // It takes its children and its shared memory with it.
  atEnd(async () => server?.kill('SIGQUIT'))
  return {
    createDatabase: async () => {
      const name = `hub_${++databases}`
      await query(`CREATE DATABASE ${name}`)
      return urlOf(name)
    },
    kill: async () => {
      await server?.kill('SIGKILL')
    },
    stopAtOnce: async () => {
      await server?.kill('SIGQUIT')
    },
    start,
  }
}

function newestVersion(): string {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).map(Number) : []
  if (versions.length === 0) throw new Error('PostgreSQL is not installed: apt-get install postgresql')
  return String(Math.max(...versions))
}
