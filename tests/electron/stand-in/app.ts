/** Electron's app (electronjs.org/docs/latest/api/app). */
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { host } from './host.ts'
import { Life } from './life.ts'
import { strict } from './unknown.ts'

class App extends EventEmitter {
  readonly isPackaged = false
  name = ''

  whenReady(): Promise<void> {
    return life.ready
  }

  isReady(): boolean {
    return life.isReady
  }

  getName(): string {
    return this.name
  }

  getVersion(): string {
    return JSON.parse(readFileSync(join(this.getAppPath(), 'package.json'), 'utf8')).version
  }

  getAppPath(): string {
    return host().appFolder
  }

  getPath(name: string): string {
    const { userData } = host()
    const paths: Readonly<Record<string, string>> = {
      userData,
      sessionData: userData,
      logs: join(userData, 'logs'),
      crashDumps: join(userData, 'Crashpad'),
      home: homedir(),
      temp: tmpdir(),
      exe: process.execPath,
    }
    const path = paths[name]
    if (path === undefined) throw new Error(`the stand-in for Electron has no path "${name}"`)
    return path
  }

  /** Pages here are sandboxed anyway. */
  enableSandbox(): void {
    if (life.isReady) throw new Error('app.enableSandbox() can only be called before app is ready')
  }

  /** True for the first app in a profile; it hears of every later one, which gets false. */
  requestSingleInstanceLock(additionalData: unknown = null): boolean {
    const arrival = { argv: process.argv, cwd: process.cwd(), additionalData }
    return host().instance.claim(arrival, (later) =>
      this.emit('second-instance', {}, later.argv, later.cwd, later.additionalData),
    )
  }

  quit(): void {
    life.quit()
  }

  exit(code = 0): void {
    life.exit(code)
  }
}
strict('app', App.prototype)

export const app = new App()
export const life = new Life(app)
