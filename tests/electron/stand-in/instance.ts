/**
 * One app in a profile: the first listens at an address made from the profile's path, later ones find it there.
 * The address goes when its process does, however that ends.
 */
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** What a later instance tells the first: the arguments of Electron's `second-instance` event. */
export interface Arrival {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly additionalData: unknown
}

export interface Instance {
  /** True for the first, which hears of every later one; false for a later one, which tells the first. */
  claim(arrival: Arrival, onArrival: (arrival: Arrival) => void): boolean
}

/** Looks, before the app runs, whether another has this profile. */
export async function lookForInstance(userData: string): Promise<Instance> {
  const address = addressOf(userData)
  const first = await reach(address)
  let claimed = false
  return {
    claim: (arrival, onArrival) => {
      if (claimed) return true
      if (first !== undefined) {
        first.end(JSON.stringify(arrival))
        return false
      }
      const server = createServer((socket) => {
        text(socket).then(
          (told) => told !== '' && onArrival(JSON.parse(told)),
          () => undefined, // It went before it had said anything.
        )
      })
      // Somebody was faster. Listening at a local address succeeds or fails at once.
      server.once('error', () => undefined)
      server.listen(address).unref()
      claimed = server.listening
      return claimed
    },
  }
}

function addressOf(userData: string): string {
  const name = `electron-stand-in-${createHash('sha256').update(userData).digest('hex').slice(0, 32)}`
  if (process.platform === 'linux') return `\0${name}`
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), name)
}

function reach(address: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(address, () => resolve(socket))
    socket.unref()
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      // A file that nobody listens at was left by a process that was killed.
      if (code === 'ECONNREFUSED' && process.platform === 'darwin') rmSync(address)
      resolve(undefined)
    })
  })
}
