/** Electron's utilityProcess (electronjs.org/docs/latest/api/utility-process) on Node's child processes. */
import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'
import { closedBy, type MessagePortMain, type Place, placeGone, sendAway, sentFrom } from './ports.ts'

const host = fileURLToPath(new URL('./utility-host.js', import.meta.url))

export interface ForkOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  readonly serviceName?: string
  readonly stdio?: 'pipe' | 'ignore' | 'inherit'
}

type FromChild =
  | { readonly kind: 'message'; readonly data: unknown }
  | {
      readonly kind: 'port'
      readonly port: string
      readonly data: unknown
      readonly ports: readonly string[]
    }
  | { readonly kind: 'port-closed'; readonly port: string }

class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess
  readonly #place: Place

  constructor(module: string, args: readonly string[], options: ForkOptions) {
    super()
    const { stdio = 'inherit' } = options
    const child = fork(host, [module, ...args], {
      serialization: 'advanced',
      stdio: ['ignore', stdio, stdio, 'ipc'],
      ...(options.env !== undefined && { env: options.env }),
      ...(options.cwd !== undefined && { cwd: options.cwd }),
    })
    this.#child = child
    const tell = (message: object) => {
      if (child.connected) child.send(message, () => undefined)
    }
    const place: Place = {
      deliver: (port, data, ports) => tell({ kind: 'port', port, data, ports }),
      closed: (port) => tell({ kind: 'port-closed', port }),
    }
    this.#place = place
    child.on('message', (message: FromChild) => {
      if (message.kind === 'message') this.emit('message', message.data)
      else if (message.kind === 'port') sentFrom(place, message.port, message.data, message.ports)
      else closedBy(place, message.port)
    })
    child.on('spawn', () => this.emit('spawn'))
    child.on('error', (error) => this.emit('error', 'FatalError', error.message, ''))
    child.on('exit', (code, signal) => {
      placeGone(place)
      this.emit('exit', code ?? (signal === null ? 1 : 128 + (signals[signal] ?? 0)))
    })
  }

  get pid() {
    return this.#child.exitCode === null ? this.#child.pid : undefined
  }

  get stdout() {
    return this.#child.stdout
  }

  get stderr() {
    return this.#child.stderr
  }

  postMessage(message: unknown, transfer: readonly MessagePortMain[] = []) {
    const data = structuredClone(message)
    if (this.#child.connected)
      this.#child.send({ kind: 'message', data, ports: sendAway(transfer, this.#place) }, () => undefined)
  }

  kill(): boolean {
    return this.#child.kill()
  }
}

const signals: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
}

/** Every child there is, so that none outlives main. */
const children = new Set<UtilityProcess>()

export const utilityProcess = {
  fork(module: string, args: readonly string[] = [], options: ForkOptions = {}): UtilityProcess {
    const child = new UtilityProcess(module, args, options)
    children.add(child)
    child.on('exit', () => children.delete(child))
    return child
  },
}

export function endUtilityProcesses(): void {
  for (const child of children) child.kill()
}
