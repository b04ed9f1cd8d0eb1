/**
 * The page's side of the stand-in, in the preload's isolated world: `ipcRenderer` and MessagePorts for the
 * preload, which runs last. `standInSend` is the binding to Node; `standInDeliver` is called from it. `load` is
 * different for every load of every page.
 */
// biome-ignore lint/correctness/noUnusedVariables: a classic script, called by the launcher.
function standInPage({ codec, preload, versions, load }) {
  const listeners = new Map()
  const ports = new Map()
  let lastPort = 0
  const send = (message) => globalThis.standInSend(codec.encode(message))

  /** Joins a real MessagePort of this page to the port `id` of main or a utility process. */
  const join = (id, port) => {
    ports.set(id, port)
    port.onmessage = ({ data, ports: passed }) =>
      send({ kind: 'port', port: id, data, ports: passed.map(give) })
    port.addEventListener('close', () => {
      if (ports.delete(id)) send({ kind: 'port-closed', port: id })
    })
  }
  /** Gives a port of this page away: main knows it by the id that comes back. */
  const give = (port) => {
    const id = `${load}-${++lastPort}`
    join(id, port)
    return id
  }
  /** Takes a port over from main. */
  const take = (id) => {
    const { port1, port2 } = new MessageChannel()
    join(id, port1)
    return port2
  }

  const ipcRenderer = {
    on(channel, listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
      return ipcRenderer
    },
    removeListener(channel, listener) {
      listeners.set(
        channel,
        (listeners.get(channel) ?? []).filter((other) => other !== listener),
      )
      return ipcRenderer
    },
    send(channel, ...args) {
      send({ kind: 'ipc', channel, args, ports: [] })
    },
    postMessage(channel, message, passed = []) {
      send({ kind: 'ipc', channel, args: [message], ports: passed.map(give) })
    },
  }

  globalThis.standInDeliver = (text) => {
    const message = codec.decode(text)
    switch (message.kind) {
      case 'ipc': {
        const event = { sender: ipcRenderer, ports: message.ports.map(take) }
        for (const listener of listeners.get(message.channel) ?? []) listener(event, ...message.args)
        break
      }
      case 'port':
        ports.get(message.port)?.postMessage(message.data, message.ports.map(take))
        break
      case 'port-closed': {
        const port = ports.get(message.port)
        ports.delete(message.port)
        port?.close()
        break
      }
    }
  }

  /** What a sandboxed preload may require (Electron: Process Sandboxing). */
  const require = (name) => {
    if (name === 'electron' || name === 'electron/renderer') return unknownThrows({ ipcRenderer }, name)
    throw new Error(
      `module not found: ${name} (a sandboxed preload may require only electron and a few Node modules)`,
    )
  }
  const unknownThrows = (known, name) =>
    new Proxy(known, {
      get: (target, key) => {
        if (key in target || typeof key === 'symbol' || key === '__esModule') return target[key]
        throw new Error(`the stand-in has no ${name}.${String(key)}`)
      },
    })

  const module = { exports: {} }
  const process = { type: 'renderer', sandboxed: true, contextIsolated: true, versions, env: {}, argv: [] }
  preload(require, module, module.exports, process, globalThis)
  send({ kind: 'ready' })
}
