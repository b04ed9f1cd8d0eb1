/** The processes beside main: started, logged, and started again with back-off when they end. */
import { type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron'
import type { Log } from './log.ts'

const FIRST_WAIT_MS = 300
const LONGEST_WAIT_MS = 30_000
/** One that stayed up this long begins again at the first wait. */
const STEADY_MS = 60_000
const STOP_WITHIN_MS = 4_000

export interface ChildOptions {
  readonly name: string
  readonly module: string
  readonly log: Log
  /** Called after each start, to tell it what it needs. */
  onStart(child: Child): void
  onMessage?(message: unknown, child: Child): void
}

export interface Child {
  readonly name: string
  send(message: unknown, ports?: MessagePortMain[]): void
  /** Asks it to end, insists after a while, and starts it no more. */
  stop(): Promise<void>
}

/** The wait before the next start, after `failures` quick ends in a row. Pure. */
export const restartWait = (failures: number): number =>
  Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1), LONGEST_WAIT_MS)

export function keepChild({ name, module, log, onStart, onMessage }: ChildOptions): Child {
  let process: UtilityProcess | undefined
  let failures = 0
  let stopping: (() => void) | undefined
  let again: NodeJS.Timeout | undefined

  const child: Child = {
    name,
    send: (message, ports = []) => process?.postMessage(message, ports),
    stop: async () => {
      clearTimeout(again)
      const running = process
      if (running === undefined) {
        stopping = () => undefined
        return
      }
      const ended = new Promise<void>((resolve) => {
        stopping = resolve
      })
      running.postMessage({ tell: 'stop' })
      const insist = setTimeout(() => running.kill(), STOP_WITHIN_MS)
      await ended
      clearTimeout(insist)
    },
  }

  const start = () => {
    const startedAt = performance.now()
    const started = utilityProcess.fork(module, [], { serviceName: `Watchfloor ${name}`, stdio: 'pipe' })
    process = started
    started.stdout?.on('data', (chunk) => log.write(name, chunk))
    started.stderr?.on('data', (chunk) => log.write(name, chunk))
    started.on('message', (message) => onMessage?.(message, child))
    started.on('exit', (code) => {
      if (process === started) process = undefined
      if (stopping !== undefined) {
        stopping()
        return
      }
      failures = performance.now() - startedAt > STEADY_MS ? 1 : failures + 1
      const wait = restartWait(failures)
      log.note(`${name} ended with ${code}; it starts again in ${wait} ms`)
      again = setTimeout(start, wait)
    })
    onStart(child)
  }
  start()
  return child
}
