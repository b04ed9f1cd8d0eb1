/** Debian's servers refuse to run as root, or give root up by themselves: a test run as root starts them as somebody else. */
import { execFileSync } from 'node:child_process'
import { chownSync } from 'node:fs'

export interface User {
  readonly uid: number
  readonly gid: number
}

/** The system user of this name, if this process is root and has to become somebody; else undefined. */
export function insteadOfRoot(name: string): User | undefined {
  if (process.getuid?.() !== 0) return undefined
  const ask = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { uid: ask('-u'), gid: ask('-g') }
}

/** Gives the file or folder to the user, if there is one. */
export function giveTo(user: User | undefined, path: string): void {
  if (user !== undefined) chownSync(path, user.uid, user.gid)
}
