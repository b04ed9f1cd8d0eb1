/**
 * Runs in the child process that stands in for a utility process: gives the module `process.parentPort`
 * (electronjs.org/docs/latest/api/parent-port) and MessagePorts, over Node's own IPC. The module is argv[2].
 */
import { EventEmitter } from 'node:events'
import { pathToFileURL } from 'node:url'

const ports = new Map()

class MessagePortMain extends EventEmitter {
  #id
  #started = false
  #waiting = []

  constructor(id) {
    super()
    this.#id = id
    ports.set(id, this)
  }

  postMessage(data, transfer = []) {
    if (this.#id === undefined) return
    process.send({ kind: 'port', port: this.#id, data, ports: transfer.map((port) => port.giveAway()) })
  }

  start() {
    this.#started = true
    for (const event of this.#waiting.splice(0)) this.emit('message', event)
  }

  close() {
    const id = this.giveAway()
    if (id === undefined) return
    process.send({ kind: 'port-closed', port: id })
    setImmediate(() => this.emit('close'))
  }

  giveAway() {
    const id = this.#id
    this.#id = undefined
    ports.delete(id)
    return id
  }

  hear(data, passed) {
    const event = { data, ports: passed }
    if (this.#started) this.emit('message', event)
    else this.#waiting.push(event)
  }

  gone() {
    this.giveAway()
    this.emit('close')
  }
}

class ParentPort extends EventEmitter {
  #waiting = []

  constructor() {
    super()
    this.on('newListener', (name) => {
      // Messages wait until there is a listener.
      if (name === 'message')
        setImmediate(() => {
          for (const event of this.#waiting.splice(0)) this.emit('message', event)
        })
    })
  }

  postMessage(data) {
    process.send({ kind: 'message', data })
  }

  hear(event) {
    if (this.listenerCount('message') === 0) this.#waiting.push(event)
    else this.emit('message', event)
  }
}

const parentPort = new ParentPort()
process.on('message', ({ kind, port, data, ports: ids = [] }) => {
  const passed = ids.map((id) => new MessagePortMain(id))
  if (kind === 'message') parentPort.hear({ data, ports: passed })
  else if (kind === 'port') ports.get(port)?.hear(data, passed)
  else ports.get(port)?.gone()
})
// Main is gone: so is everything it started.
process.on('disconnect', () => process.exit(0))

process.parentPort = parentPort
process.type = 'utility'
const [module] = process.argv.splice(2, 1)
await import(pathToFileURL(module).href)
