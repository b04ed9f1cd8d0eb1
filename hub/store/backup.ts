/** A copy of a hub's data folder, whole at one moment, while the hub runs or not. */
import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { hubFile, trackFile } from './open.ts'

/**
 * Copies what SQLite keeps in `folder` to `to`, which is made, or is empty. Only the user who runs it can read the copy.
 */
export async function backUpSqlite(folder: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  for (const name of [hubFile, trackFile]) {
    const file = join(folder, name)
    if (!existsSync(file)) continue
    const source = new DatabaseSync(file, { readOnly: true })
    const copy = join(to, name)
    try {
      await backup(source, copy)
    } finally {
      source.close()
    }
    chmodSync(copy, 0o600)
  }
}
