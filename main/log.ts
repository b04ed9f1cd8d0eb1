/** The console's log: what its processes print, in one file that does not grow without end. */
import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'

const LARGEST = 5 * 1024 * 1024

export interface Log {
  /** What a process printed. */
  write(name: string, chunk: Uint8Array): void
  /** What main itself has to say. */
  note(text: string): void
}

export function openLog(folder: string): Log {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'watchfloor.log')
  let size = sizeOf(file)
  let stream: WriteStream = createWriteStream(file, { flags: 'a', mode: 0o600 })

  const append = (line: string) => {
    if (size > LARGEST) {
      stream.end()
      renameSync(file, `${file}.1`)
      stream = createWriteStream(file, { flags: 'a', mode: 0o600 })
      size = 0
    }
    size += Buffer.byteLength(line)
    stream.write(line)
  }
  return {
    write: (name, chunk) => {
      for (const line of Buffer.from(chunk).toString().split('\n'))
        if (line !== '') append(`${name} ${line}\n`)
    },
    note: (text) => append(`main ${new Date().toISOString()} ${text}\n`),
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
