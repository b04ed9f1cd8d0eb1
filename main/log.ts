/** The console's log: what its processes print, in one file that does not grow without end. */
import { createWriteStream, mkdirSync, rename, statSync } from 'node:fs'
import { join } from 'node:path'

/** Bytes after which the file becomes the old one, of which there is one. */
const LARGEST = 5 * 1024 * 1024

export interface Log {
  /** A line that a process printed. */
  write(name: string, line: string): void
  /** What main itself has to say. */
  note(text: string): void
}

export function openLog(folder: string, largest = LARGEST): Log {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'watchfloor.log')
  const open = () => {
    const opened = createWriteStream(file, { flags: 'a', mode: 0o600 })
    // A disk that takes no more must not take the console along.
    opened.on('error', () => undefined)
    return opened
  }
  let stream = open()
  let size = sizeOf(file)
  /** Lines that wait while the file is changed: undefined when it is not. */
  let waiting: string[] | undefined

  const append = (line: string) => {
    if (waiting !== undefined) {
      waiting.push(line)
      return
    }
    size += Buffer.byteLength(line)
    stream.write(line)
    if (size > largest) change()
  }
  const change = () => {
    const lines: string[] = []
    waiting = lines
    const goOn = () => {
      stream = open()
      size = 0
      waiting = undefined
      for (const line of lines) append(line)
    }
    // Where it can't be renamed it grows on.
    stream.end(() => rename(file, `${file}.1`, goOn))
  }
  return {
    write: (name, line) => append(`${name} ${line}\n`),
    note: (text) => append(`main ${new Date().toISOString()} ${text}\n`),
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
