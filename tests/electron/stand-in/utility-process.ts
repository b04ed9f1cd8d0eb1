/** Electron's utilityProcess (electronjs.org/docs/latest/api/utility-process) on Node's child processes. */
import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { app } from './app.ts'
import { codec } from './codec.ts'
import { Link, type LinkMessage, type MessagePortMain, transferred } from './ports.ts'
import { knownOptions, strict } from './unknown.ts'

/** Between main and a utility process, both ways. */
export interface Posted {
  readonly kind: 'message'
  readonly text: string
  readonly ports: readonly string[]
}

interface ForkOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  readonly serviceName?: string
  readonly stdio?: 'pipe' | 'ignore' | 'inherit'
}
const forkOptions = ['env', 'cwd', 'serviceName', 'stdio']

const host = fileURLToPath(new URL('./utility-host.ts', import.meta.url))
/** As Chromium does with a process that was told to end and does not. */
const INSIST_AFTER_MS = 2_000

class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess
  readonly #link: Link<Posted>
  #state: 'starting' | 'running' | 'killed' | 'gone' = 'starting'

  constructor(module: string, args: readonly string[], options: ForkOptions) {
    super()
    const { stdio = 'inherit', env, cwd, serviceName = 'Node Utility Process' } = options
    const child = fork(host, [module, ...args], {
      execArgv: [],
      stdio: ['ignore', stdio, stdio, 'ipc'],
      ...(env !== undefined && { env }),
      ...(cwd !== undefined && { cwd }),
    })
    this.#child = child
    this.#link = new Link('main', (message) => {
      if (child.connected) child.send(message, () => undefined)
    })
    child.on('message', (message: Posted | LinkMessage) => {
      if (message.kind === 'message') this.emit('message', codec.decode(message.text))
      else this.#link.hear(message)
    })
    child.once('spawn', () => {
      if (this.#state === 'starting') this.#state = 'running'
      this.emit('spawn')
    })
    this.#whenEnded((code, signal) => {
      const killed = this.#state === 'killed'
      this.#state = 'gone'
      children.delete(this)
      this.#link.close()
      const exitCode = signal === null ? (code ?? 1) : constants.signals[signal]
      if (exitCode !== 0) app.emit('child-process-gone', {}, goneDetails(serviceName, exitCode, signal))
      // To be ended by its own parent is a proper end.
      this.emit('exit', killed && (signal === 'SIGTERM' || signal === 'SIGKILL') ? 0 : exitCode)
    })
  }

  /** Calls back when the process has ended and everything it had sent has been heard. */
  #whenEnded(ended: (code: number | null, signal: NodeJS.Signals | null) => void): void {
    const child = this.#child
    child.once('exit', (code, signal) => {
      if (child.connected) child.once('disconnect', () => ended(code, signal))
      else ended(code, signal)
    })
  }

  get pid(): number | undefined {
    return this.#state === 'running' || this.#state === 'killed' ? this.#child.pid : undefined
  }

  get stdout() {
    return this.#state === 'gone' ? null : this.#child.stdout
  }

  get stderr() {
    return this.#state === 'gone' ? null : this.#child.stderr
  }

  postMessage(message?: unknown, transfer: readonly MessagePortMain[] = []): void {
    if (this.#state === 'gone') return
    const text = codec.encode(message)
    this.#link.post(transferred(transfer), (ports) => ({ kind: 'message', text, ports }))
  }

  kill(): boolean {
    if (this.pid === undefined) return false
    this.#state = 'killed'
    setTimeout(() => this.#child.kill('SIGKILL'), INSIST_AFTER_MS).unref()
    return this.#child.kill()
  }
}
strict('UtilityProcess', UtilityProcess.prototype)

const goneDetails = (name: string, exitCode: number, signal: NodeJS.Signals | null) => ({
  type: 'Utility',
  reason: reasonOf(signal),
  exitCode,
  serviceName: 'node.mojom.NodeService',
  name,
})

const reasonOf = (signal: NodeJS.Signals | null) => {
  if (signal === null) return 'abnormal-exit'
  return signal === 'SIGKILL' || signal === 'SIGTERM' ? 'killed' : 'crashed'
}

/** Every child there is, so that none outlives main. */
const children = new Set<UtilityProcess>()

export const utilityProcess = strict('utilityProcess', {
  fork(module: string, args: readonly string[] = [], options: ForkOptions = {}): UtilityProcess {
    if (!app.isReady()) throw new TypeError('utilityProcess cannot be created before app is ready.')
    if (module === '') throw new Error('Missing UtilityProcess entry script.')
    knownOptions('utilityProcess.fork', options, forkOptions)
    if (Array.isArray(options.stdio))
      throw new Error('the stand-in for Electron has no list for stdio of utilityProcess.fork')
    const child = new UtilityProcess(module, args, options)
    children.add(child)
    return child
  },
})

export function endUtilityProcesses(): void {
  for (const child of children) child.kill()
}
