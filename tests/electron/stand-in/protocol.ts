/** Electron's protocol, net and session as far as a locked-down console uses them. */
import { Readable } from 'node:stream'
import type { CdpSession } from './cdp.ts'

type Handler = (request: Request) => Response | Promise<Response>
type PermissionRequestHandler = (
  contents: unknown,
  permission: string,
  answer: (granted: boolean) => void,
) => void
type PermissionCheckHandler = (contents: unknown, permission: string, origin: string) => boolean

const handlers = new Map<string, Handler>()

export const protocol = {
  registerSchemesAsPrivileged: (_schemes: readonly { readonly scheme: string }[]) => undefined,
  handle: (scheme: string, handler: Handler) => {
    handlers.set(scheme, handler)
  },
}

export const net = {
  fetch: (input: string, init?: RequestInit) => fetch(input, init),
}

class Session {
  requestHandler: PermissionRequestHandler | undefined
  checkHandler: PermissionCheckHandler | undefined
  setPermissionRequestHandler(handler: PermissionRequestHandler) {
    this.requestHandler = handler
  }
  setPermissionCheckHandler(handler: PermissionCheckHandler) {
    this.checkHandler = handler
  }
  setDevicePermissionHandler(_handler: () => boolean) {}
}

export const defaultSession = new Session()
export const session = { defaultSession }

const HOST = '.stand-in.test'

/** `app://console/x` as the browser sees it: a scheme of one's own can't be had, a secure host can. */
export const toBrowser = (url: string): string =>
  url.replace(/^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i, (whole, scheme, name) =>
    handlers.has(scheme) ? `https://${name}.${scheme}${HOST}` : whole,
  )

export const toApp = (url: string): string =>
  url.replace(
    /^https:\/\/([^/?#]*)\.([a-z0-9+-]+)\.stand-in\.test/i,
    (_whole, name, scheme) => `${scheme}://${name}`,
  )

interface Paused {
  readonly requestId: string
  readonly request: {
    readonly url: string
    readonly method: string
    readonly headers: Record<string, string>
  }
}

/** Answers every request of a page from the registered handlers. What belongs to none of them finds no network. */
export async function interceptRequests(page: CdpSession): Promise<void> {
  page.on('Fetch.requestPaused', ({ requestId, request }: Paused) => {
    answer(request)
      .then(
        async (response) => {
          if (response === undefined)
            return page.send('Fetch.failRequest', { requestId, errorReason: 'InternetDisconnected' })
          return page.send('Fetch.fulfillRequest', {
            requestId,
            responseCode: response.status,
            responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
            body: (await bodyOf(response)).toString('base64'),
          })
        },
        () => page.send('Fetch.failRequest', { requestId, errorReason: 'Failed' }),
      )
      .catch(() => undefined) // The page went away while it was being answered.
  })
  await page.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })
}

async function answer({ url, method, headers }: Paused['request']): Promise<Response | undefined> {
  const target = toApp(url)
  const handler = handlers.get(target.slice(0, target.indexOf(':')))
  return handler?.(new Request(target, { method, headers }))
}

async function bodyOf(response: Response): Promise<Buffer> {
  if (response.body === null) return Buffer.alloc(0)
  const chunks: Buffer[] = []
  for await (const chunk of Readable.fromWeb(response.body as never))
    chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks)
}
