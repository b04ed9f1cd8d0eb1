/** The processes beside main: started, logged, and started again with back-off when they end. */
import { createInterface } from 'node:readline'
import { type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron'
import type { Log } from './log.ts'
import { countRestarts } from './restarts.ts'

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
  /** False between an end and the next start. */
  readonly isRunning: boolean
  send(message: unknown, ports?: MessagePortMain[]): void
  /** Asks it to end, insists after a while, and starts it no more. */
  stop(): Promise<void>
}

export function keepChild({ name, module, log, onStart, onMessage }: ChildOptions): Child {
  const waitAfter = countRestarts()
  let running: UtilityProcess | undefined
  let again: NodeJS.Timeout | undefined
  let stopped: Promise<void> | undefined

  const child: Child = {
    name,
    get isRunning() {
      return running !== undefined
    },
    send: (message, ports = []) => running?.postMessage(message, ports),
    stop: () => {
      stopped ??= end()
      return stopped
    },
  }

  const start = () => {
    const startedAt = performance.now()
    const started = utilityProcess.fork(module, [], { serviceName: `Watchfloor ${name}`, stdio: 'pipe' })
    running = started
    for (const input of [started.stdout, started.stderr])
      if (input !== null) createInterface({ input }).on('line', (line) => log.write(name, line))
    started.on('message', (message) => onMessage?.(message, child))
    started.once('exit', (code) => {
      running = undefined
      if (stopped !== undefined) {
        log.note(`${name} has stopped`)
        return
      }
      const wait = waitAfter(performance.now() - startedAt)
      log.note(`${name} ended with ${code}; it starts again in ${wait} ms`)
      again = setTimeout(start, wait)
    })
    onStart(child)
  }

  const end = async () => {
    clearTimeout(again)
    const ending = running
    if (ending === undefined) return
    const ended = new Promise((resolve) => ending.once('exit', resolve))
    ending.postMessage({ tell: 'stop' })
    const insist = setTimeout(() => ending.kill(), STOP_WITHIN_MS)
    await ended
    clearTimeout(insist)
  }

  start()
  return child
}
