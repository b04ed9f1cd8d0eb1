/** By what registrars know a seat again after its engine has been started anew (RFC 5626, 4.1). */
import { createHash, randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/** Made by chance the first time, and kept in the engine's folder. Rejects if it can't be kept. */
export async function seatIdentity(folder: string): Promise<string> {
  const file = join(folder, 'seat-id')
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim()
  if (uuid.test(kept)) return kept
  const made = randomUUID()
  await writeFile(file, `${made}\n`, { mode: 0o600 })
  return made
}

/** The instance-id of an account at a seat: a UUID made of their names (RFC 9562, 5.5). */
export function instanceOf(seat: string, account: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(seat.replaceAll('-', ''), 'hex'))
    .update(account)
    .digest()
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
