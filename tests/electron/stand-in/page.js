/**
 * The page's side of the stand-in, in the preload's isolated world: `ipcRenderer` and MessagePorts for the preload,
 * which runs last. `standInTell` is the binding to Node; `standInHear` is called from it. A classic script.
 */
globalThis.standInPage = (versions, preload) => {
  const codec = globalThis.standInCodec
  const listeners = new Map()
  const ports = new Map()
  let lastId = 0
  const tell = (message) => globalThis.standInTell(JSON.stringify(message))

  /** Joins a MessagePort of this page to the port `id` that Node knows. */
  const join = (id, port) => {
    ports.set(id, port)
    port.onmessage = ({ data, ports: passed }) =>
      tell({ kind: 'port', port: id, text: codec.encode(data), ports: passed.map(give) })
    port.onclose = () => {
      if (ports.delete(id)) tell({ kind: 'port-closed', port: id })
    }
    return id
  }
  const give = (port) => join(`page${++lastId}`, port)
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
      const left = (listeners.get(channel) ?? []).filter((other) => other !== listener)
      listeners.set(channel, left)
      return ipcRenderer
    },
    send(channel, ...args) {
      tell({ kind: 'ipc', channel, text: codec.encode(args), ports: [] })
    },
    postMessage(channel, message, transfer = []) {
      if (!Array.isArray(transfer) || transfer.some((port) => !(port instanceof MessagePort)))
        throw new TypeError('Invalid value for transfer')
      const text = codec.encode([message])
      // Cloned, they are neutered for whoever gave them away.
      const passed = structuredClone(transfer, { transfer })
      tell({ kind: 'ipc', channel, text, ports: passed.map(give) })
    },
  }

  globalThis.standInHear = ({ kind, channel, port: id, text, ports: passed = [] }) => {
    const port = ports.get(id)
    if (kind === 'ipc') {
      const event = lacking({ sender: ipcRenderer, ports: passed.map(take) }, 'IpcRendererEvent')
      for (const listener of listeners.get(channel) ?? []) listener(event, ...codec.decode(text))
    } else if (kind === 'port') port?.postMessage(codec.decode(text), passed.map(take))
    else {
      ports.delete(id)
      port?.close()
    }
  }

  /** What is not there throws, with its name. */
  const lacking = (known, name) =>
    new Proxy(known, {
      get: (target, key) => {
        if (key in target || typeof key === 'symbol' || key === '__esModule') return target[key]
        throw new Error(`the stand-in for Electron has no ${name}.${key}`)
      },
    })
  const electron = lacking({ ipcRenderer: lacking(ipcRenderer, 'ipcRenderer') }, 'electron/renderer')
  /** What a sandboxed preload may require (Electron: Process Sandboxing). */
  const require = (name) => {
    if (name === 'electron' || name === 'electron/renderer') return electron
    throw new Error(`module not found: ${name}`)
  }

  const module = { exports: {} }
  const process = { type: 'renderer', sandboxed: true, contextIsolated: true, versions, env: {}, argv: [] }
  tell({ kind: 'ready' })
  preload(require, module, module.exports, process, globalThis)
}
