/** Node's own MessagePort as Electron's main process hands a port over. */
import type { MessagePort } from 'node:worker_threads'
import type { PortMain } from '../../main/engine/seat-port.ts'

export const asPortMain = (port: MessagePort): PortMain => ({
  postMessage: (message) => port.postMessage(message),
  on: (event: 'message' | 'close', listener: (message: { data: unknown }) => void) =>
    event === 'message'
      ? port.on('message', (data) => listener({ data }))
      : port.on('close', () => listener({ data: undefined })),
  start: () => port.start(),
  close: () => port.close(),
})
