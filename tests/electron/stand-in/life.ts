/** The app's life in the order Electron gives it: ready, windows opened and closed, asked to quit, gone. */
import type { EventEmitter } from 'node:events'

/** A window, as far as quitting concerns it. */
interface Window {
  /** Asks first. */
  close(): void
  destroy(): void
}

/** Emits an event that listeners may prevent, and says whether one did. */
export function emitPreventable(emitter: EventEmitter, name: string, details: object = {}): boolean {
  let defaultPrevented = false
  const event = {
    ...details,
    preventDefault: () => {
      defaultPrevented = true
    },
    get defaultPrevented() {
      return defaultPrevented
    },
  }
  emitter.emit(name, event)
  return defaultPrevented
}

export class Life {
  readonly #app: EventEmitter
  readonly #windows = new Set<Window>()
  readonly #ready = Promise.withResolvers<void>()
  #isReady = false
  #stage: 'running' | 'quitting' | 'exiting' | 'gone' = 'running'
  #exitCode = 0
  /** What ends the process once the app has. */
  end: (code: number) => void = (code) => process.exit(code)

  constructor(app: EventEmitter) {
    this.#app = app
  }

  get isReady() {
    return this.#isReady
  }

  get ready() {
    return this.#ready.promise
  }

  becomeReady(): void {
    if (this.#stage === 'gone') return
    this.#isReady = true
    this.#ready.resolve()
    this.#app.emit('ready', {})
  }

  quit(): void {
    if (this.#stage !== 'running') return
    if (emitPreventable(this.#app, 'before-quit') || this.#stage !== 'running') return
    this.#stage = 'quitting'
    if (this.#windows.size === 0) this.#shutDown()
    else for (const window of [...this.#windows]) window.close()
  }

  /** Without asking anybody. */
  exit(code: number): void {
    if (this.#stage === 'gone') return
    this.#stage = 'exiting'
    this.#exitCode = code
    for (const window of [...this.#windows]) window.destroy()
    this.#finish()
  }

  /** Something went wrong that quitting in order can't mend: the process will say so as it ends. */
  fail(): void {
    this.#exitCode = 1
  }

  windowOpened(window: Window): void {
    this.#windows.add(window)
  }

  /** Without a listener of its own for the last window, the app quits. */
  windowClosed(window: Window): void {
    this.#windows.delete(window)
    if (this.#windows.size > 0) return
    if (this.#stage === 'quitting') this.#shutDown()
    else if (this.#stage === 'running' && !this.#app.emit('window-all-closed')) this.quit()
  }

  /** A window that does not close cancels quitting. */
  closeCancelled(): void {
    if (this.#stage === 'quitting') this.#stage = 'running'
  }

  #shutDown(): void {
    if (emitPreventable(this.#app, 'will-quit')) this.#stage = 'running'
    else this.#finish()
  }

  #finish(): void {
    if (this.#stage === 'gone') return
    this.#stage = 'gone'
    this.#app.emit('quit', {}, this.#exitCode)
    this.end(this.#exitCode)
  }
}
