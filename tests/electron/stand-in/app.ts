/** Electron's app (electronjs.org/docs/latest/api/app). */
import { EventEmitter } from 'node:events'
import { mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { host } from './host.ts'
import { endUtilityProcesses } from './utility-process.ts'

interface Window {
  close(): void
}

export class App extends EventEmitter {
  readonly isPackaged = false
  name = ''
  #ready: Promise<void> | undefined
  #quitting = false
  #exited = false
  readonly windows = new Set<Window>()

  whenReady(): Promise<void> {
    this.#ready ??= host().browser.then(() => {
      this.emit('ready', {})
    })
    return this.#ready
  }

  getName() {
    return this.name
  }

  getVersion(): string {
    return JSON.parse(readFileSync(join(this.getAppPath(), 'package.json'), 'utf8')).version
  }

  getAppPath() {
    return host().appFolder
  }

  getPath(name: string): string {
    const { userData } = host()
    const paths: Record<string, string> = {
      userData,
      sessionData: userData,
      logs: join(userData, 'logs'),
      crashDumps: join(userData, 'Crashpad'),
      home: homedir(),
      temp: tmpdir(),
      exe: process.execPath,
    }
    const path = paths[name]
    if (path === undefined) throw new Error(`the stand-in does not know the path "${name}"`)
    return path
  }

  enableSandbox() {}

  /** The first in a profile holds a file with its pid; whoever comes later leaves a note beside it. */
  requestSingleInstanceLock(): boolean {
    const { userData } = host()
    mkdirSync(userData, { recursive: true })
    const lock = join(userData, 'instance.lock')
    const note = join(userData, 'second-instance.json')
    const holder = pidIn(lock)
    if (holder !== undefined && holder !== process.pid && isAlive(holder)) {
      writeFileSync(note, JSON.stringify({ argv: process.argv, cwd: process.cwd() }))
      return false
    }
    writeFileSync(lock, String(process.pid))
    rmSync(note, { force: true })
    const watcher = watch(userData, (_event, file) => {
      if (file !== 'second-instance.json') return
      const left = read(note)
      if (left === undefined) return
      rmSync(note, { force: true })
      const { argv, cwd } = JSON.parse(left)
      this.emit('second-instance', {}, argv, cwd, null)
    })
    watcher.unref()
    process.once('exit', () => rmSync(lock, { force: true }))
    return true
  }

  quit(): void {
    if (this.#quitting) return
    this.#quitting = true
    let prevented = false
    this.emit('before-quit', {
      preventDefault: () => {
        prevented = true
      },
    })
    if (prevented) {
      this.#quitting = false
      return
    }
    for (const window of [...this.windows]) window.close()
    if (this.windows.size > 0) {
      this.#quitting = false
      return
    }
    this.emit('will-quit', { preventDefault: () => undefined })
    this.emit('quit', {}, 0)
    this.exit(0)
  }

  exit(code = 0): void {
    if (this.#exited) return
    this.#exited = true
    endUtilityProcesses()
    host().ended(code)
  }

  /** A window is gone; without a listener of its own for the last one, the app quits. */
  windowGone(window: Window): void {
    this.windows.delete(window)
    if (this.windows.size > 0 || this.#quitting) return
    if (!this.emit('window-all-closed')) this.quit()
  }
}

export const app = new App()

const read = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

const pidIn = (file: string): number | undefined => {
  const pid = Number(read(file))
  return Number.isInteger(pid) && pid > 0 ? pid : undefined
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
