/** Electron's protocol and net (electronjs.org/docs/latest/api/protocol), for schemes of the app's own. */
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { ReadableStream } from 'node:stream/web'
import { life } from './app.ts'
import { type CdpSession, complain } from './cdp.ts'
import { strict } from './unknown.ts'

type Handler = (request: Request) => Response | Promise<Response>

const handlers = new Map<string, Handler>()

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged: (_schemes: readonly { readonly scheme: string }[]): void => {
    if (life.isReady)
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
  },
  handle: (scheme: string, handler: Handler): void => {
    if (!life.isReady) throw new Error('Session can only be received when app is ready')
    if (/^(https?|file)$/.test(scheme))
      throw new Error(`the stand-in for Electron has no protocol.handle for ${scheme}`)
    if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
    handlers.set(scheme, handler)
  },
})

export const net = strict('net', {
  fetch: (input: string, init?: RequestInit): Promise<Response> => fetch(input, init),
})

/** `app://console/x` as the browser sees it: a scheme of one's own can't be had, a secure host can. */
export const toBrowser = (url: string): string =>
  url.replace(/^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i, (whole, scheme, name) =>
    handlers.has(scheme) ? `https://${name}.${scheme}.stand-in.test` : whole,
  )

export const toApp = (url: string): string =>
  url.replace(/^https:\/\/([^/?#]*)\.([a-z0-9+-]+)\.stand-in\.test(?=[/?#]|$)/i, '$2://$1')

interface Paused {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly hasPostData?: boolean
  readonly postDataEntries?: readonly { readonly bytes?: string }[]
}

export interface Gate {
  /** Whether this page, or frame of a page, may load this document. */
  mayLoad(frame: string, url: string, redirected: boolean): boolean
}

/** Answers every request of every page from the registered handlers. What belongs to none of them finds no network. */
export function answerRequests(browser: CdpSession, gate: Gate): void {
  browser.on('Fetch.requestPaused', (paused) => {
    const { requestId, frameId, resourceType, request, redirectedRequestId } = paused
    const fail = (errorReason: 'Aborted' | 'Failed' | 'InternetDisconnected') =>
      browser.send('Fetch.failRequest', { requestId, errorReason })
    const settle = async () => {
      const redirected = redirectedRequestId !== undefined
      if (resourceType === 'Document' && !gate.mayLoad(frameId, toApp(request.url), redirected))
        return fail('Aborted')
      const response = await answer(request)
      if (response === undefined) return fail('InternetDisconnected')
      if (response.type === 'error') return fail('Failed')
      return browser.send('Fetch.fulfillRequest', {
        requestId,
        responseCode: response.status,
        responseHeaders: headersOf(response),
        body: (await bodyOf(response)).toString('base64'),
      })
    }
    settle()
      .catch((error) => {
        complain(error)
        return fail('Failed')
      })
      .catch(complain)
  })
}

async function answer(request: Paused): Promise<Response | undefined> {
  const url = toApp(request.url)
  const handler = handlers.get(url.slice(0, url.indexOf(':')))
  if (handler === undefined) return undefined
  const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
    name,
    toApp(value),
  ])
  const { method } = request
  const response: unknown = await handler(new Request(url, { method, headers, body: postedBody(request) }))
  if (!(response instanceof Response)) throw new TypeError(`the handler of ${url} gave no Response`)
  return response
}

function postedBody({ hasPostData, postDataEntries = [] }: Paused): Buffer<ArrayBuffer> | null {
  if (hasPostData !== true) return null
  return Buffer.concat(
    postDataEntries.map(({ bytes }) => {
      if (bytes === undefined) throw new Error('the stand-in for Electron can not post files')
      return Buffer.from(bytes, 'base64')
    }),
  )
}

/** A redirect within the app's own scheme is one to the browser's name for it. */
const headersOf = (response: Response) =>
  [...response.headers].map(([name, value]) => ({
    name,
    value: name === 'location' ? toBrowser(value) : value,
  }))

const bodyOf = (response: Response): Promise<Buffer> =>
  response.body === null
    ? Promise.resolve(Buffer.alloc(0))
    : buffer(Readable.fromWeb(response.body as ReadableStream))
