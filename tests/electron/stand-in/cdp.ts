/** A small client of the Chrome DevTools Protocol over Chromium's pipe: JSON messages that end with a NUL. */
import { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type { CDPSession } from 'playwright-core'

/** A connection to the browser or to one page: the protocol's commands and events, and `close` when it is gone. */
export type CdpSession = Pick<CDPSession, 'send' | 'on' | 'once'>

export interface Cdp extends CdpSession {
  session(id: string): CdpSession
}

interface Answer {
  readonly id?: number
  readonly sessionId?: string
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

interface Asked {
  resolve(value: unknown): void
  reject(error: Error): void
  readonly sessionId: string | undefined
}

/** What was asked of a browser or page that went before it answered is rejected with this. */
export class CdpGone extends Error {
  override readonly name = 'CdpGone'
}

/** Says so unless the page is going away and does not hear us any more, which is all right. */
export function complain(error: unknown): void {
  if (
    error instanceof CdpGone ||
    /closed|not found|No target|Cannot find context|crashed/i.test(String(error))
  )
    return
  process.stderr.write(`stand-in: ${error}\n`)
}

/** `ended` resolves when the browser has. */
export function connectCdp(to: Writable, from: Readable, ended: Promise<unknown>): Cdp {
  const asked = new Map<number, Asked>()
  const sessions = new Map<string, CdpSession & EventEmitter>()
  let lastId = 0
  let isGone = false

  const open = (sessionId: string | undefined): CdpSession & EventEmitter => {
    const send = (method: string, params: object = {}): Promise<unknown> =>
      new Promise((resolve, reject) => {
        if (isGone || (sessionId !== undefined && !sessions.has(sessionId))) {
          reject(new CdpGone(`${method}: the page is gone`))
          return
        }
        const id = ++lastId
        asked.set(id, { resolve, reject, sessionId })
        to.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
      })
    return Object.assign(new EventEmitter(), { send }) as CdpSession & EventEmitter
  }
  const root = open(undefined)

  const forget = (sessionId: string) => {
    for (const [id, { sessionId: of, reject }] of asked)
      if (of === sessionId) {
        asked.delete(id)
        reject(new CdpGone('the page is gone'))
      }
    const session = sessions.get(sessionId)
    sessions.delete(sessionId)
    session?.emit('close')
  }

  const hear = ({ id, sessionId, method, params, result, error }: Answer) => {
    if (id !== undefined) {
      const question = asked.get(id)
      asked.delete(id)
      if (error === undefined) question?.resolve(result)
      else question?.reject(new Error(error.message))
      return
    }
    if (method === 'Target.detachedFromTarget') forget((params as { sessionId: string }).sessionId)
    const to = sessionId === undefined ? root : sessions.get(sessionId)
    if (method !== undefined) to?.emit(method, params)
  }

  let begun: Buffer[] = []
  from.on('data', (chunk: Buffer) => {
    let start = 0
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, start)) {
      hear(JSON.parse(Buffer.concat([...begun, chunk.subarray(start, end)]).toString()))
      begun = []
      start = end + 1
    }
    if (start < chunk.length) begun.push(chunk.subarray(start))
  })
  void ended.then(() => {
    isGone = true
    for (const sessionId of [...sessions.keys()]) forget(sessionId)
    for (const { reject } of asked.values()) reject(new CdpGone('the browser is gone'))
    asked.clear()
    root.emit('close')
  })
  to.on('error', () => undefined) // The browser has ended, or is about to.

  return Object.assign(root, {
    session: (id: string): CdpSession => {
      const session = sessions.get(id) ?? open(id)
      sessions.set(id, session)
      return session
    },
  })
}
