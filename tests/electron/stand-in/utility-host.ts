/**
 * Runs in the child process that stands in for a utility process: gives the module that argv names
 * `process.parentPort` (electronjs.org/docs/latest/api/parent-port) over Node's own channel to its parent.
 */
import { EventEmitter } from 'node:events'
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { codec } from './codec.ts'
import { Link, type LinkMessage, type Message, messageEvent } from './ports.ts'
import { strict } from './unknown.ts'
import type { Posted } from './utility-process.ts'

const send = (message: Posted | LinkMessage) => void process.send?.(message)
const link = new Link<Posted>('utility', send)

class ParentPort extends EventEmitter {
  readonly #waiting: Message[] = []

  constructor() {
    super()
    // Messages wait for a listener, and only a listener keeps the process alive.
    this.on('newListener', (name) => {
      if (name !== 'message' || this.listenerCount('message') > 0) return
      process.channel?.ref()
      this.#hear()
    })
    this.on('removeListener', (name) => {
      if (name === 'message' && this.listenerCount('message') === 0) process.channel?.unref()
    })
  }

  postMessage(message: unknown): void {
    send({ kind: 'message', text: codec.encode(message), ports: [] })
  }

  static receive(port: ParentPort, message: Message): void {
    port.#waiting.push(message)
    port.#hear()
  }

  #hear(): void {
    setImmediate(() => {
      if (this.listenerCount('message') === 0) return
      const message = this.#waiting.shift()
      if (message === undefined) return
      this.#hear()
      this.emit('message', messageEvent(message))
    })
  }
}
strict('parentPort', ParentPort.prototype)

const parentPort = new ParentPort()
process.on('message', (message: Posted | LinkMessage) => {
  if (message.kind === 'message')
    ParentPort.receive(parentPort, { text: message.text, ports: link.take(message.ports) })
  else link.hear(message)
})
process.channel?.unref()
// Main is gone: so is everything it started.
process.on('disconnect', () => process.exit(0))

registerHooks({
  resolve: (name, context, next) => {
    if (name === 'electron') throw new Error('the stand-in for Electron has no electron in utility processes')
    return next(name, context)
  },
})
Object.assign(process, { parentPort, type: 'utility' })
// The module finds itself and its own arguments where Electron puts them.
process.argv.splice(1, 1)
await import(pathToFileURL(process.argv[1] ?? '').href)
