/** A small client of the Chrome DevTools Protocol, flat sessions, over one WebSocket. */
import { EventEmitter } from 'node:events'
import { WebSocket } from 'ws'

export interface CdpSession extends EventEmitter {
  readonly id: string | undefined
  send<T = Record<string, unknown>>(method: string, params?: object): Promise<T>
}

export interface Cdp extends CdpSession {
  session(id: string): CdpSession
  close(): void
}

interface Answer {
  readonly id?: number
  readonly sessionId?: string
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** Calls that were under way when the browser or the page went are rejected with this. */
export class CdpGone extends Error {
  override readonly name = 'CdpGone'
}

export async function connectCdp(url: string): Promise<Cdp> {
  const socket = new WebSocket(url, { maxPayload: 512 * 1024 * 1024, perMessageDeflate: false })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  let lastId = 0
  const waiting = new Map<
    number,
    { resolve(value: unknown): void; reject(error: Error): void; session?: string }
  >()
  const sessions = new Map<string, CdpSession>()

  class Session extends EventEmitter implements CdpSession {
    readonly id: string | undefined
    constructor(id: string | undefined) {
      super()
      this.id = id
    }
    send<T>(method: string, params: object = {}): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        if (socket.readyState !== WebSocket.OPEN) {
          reject(new CdpGone(`${method}: the browser is gone`))
          return
        }
        const id = ++lastId
        const sessionId = this.id
        waiting.set(id, {
          resolve: resolve as (value: unknown) => void,
          reject,
          ...(sessionId !== undefined && { session: sessionId }),
        })
        socket.send(JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) }))
      })
    }
  }
  const root = new Session(undefined)

  const forget = (gone: (session: string | undefined) => boolean, why: string) => {
    for (const [id, { session, reject }] of waiting)
      if (gone(session)) {
        waiting.delete(id)
        reject(new CdpGone(why))
      }
  }

  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Answer
    if (message.id !== undefined) {
      const asked = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.error === undefined) asked?.resolve(message.result)
      else asked?.reject(new Error(message.error.message))
      return
    }
    if (message.method === 'Target.detachedFromTarget') {
      const { sessionId } = message.params as { sessionId: string }
      forget((session) => session === sessionId, 'the page is gone')
      sessions.get(sessionId)?.emit('detached')
      sessions.delete(sessionId)
    }
    const to = message.sessionId === undefined ? root : sessions.get(message.sessionId)
    if (message.method !== undefined) to?.emit(message.method, message.params)
  })
  socket.on('close', () => {
    forget(() => true, 'the browser is gone')
    root.emit('closed')
  })
  socket.on('error', () => socket.terminate())

  return Object.assign(root, {
    session: (id: string): CdpSession => {
      const known = sessions.get(id) ?? new Session(id)
      sessions.set(id, known)
      return known
    },
    close: () => socket.close(),
  })
}
