/** Electron's session (electronjs.org/docs/latest/api/session): the default one, as far as permissions and the screen go. */
import type { Cdp } from './cdp.ts'
import { toBrowser } from './protocol.ts'
import { strict } from './unknown.ts'

type RequestHandler = (
  contents: unknown,
  permission: string,
  answer: (granted: boolean) => void,
  details: object,
) => void
type CheckHandler = (contents: unknown, permission: string, origin: string, details: object) => boolean

interface Streams {
  readonly video?: { readonly id: string; readonly name: string }
}
type DisplayMediaHandler = (
  request: {
    readonly frame: { readonly url: string }
    readonly securityOrigin: string
    readonly videoRequested: boolean
    readonly audioRequested: boolean
    readonly userGesture: boolean
  },
  answer: (streams: Streams) => void,
) => void

let requestHandler: RequestHandler | null = null
let checkHandler: CheckHandler | null = null
let displayMediaHandler: DisplayMediaHandler | null = null

const defaultSession = strict('Session', {
  setPermissionRequestHandler: (handler: RequestHandler | null): void => {
    requestHandler = handler
  },
  setPermissionCheckHandler: (handler: CheckHandler | null): void => {
    checkHandler = handler
  },
  setDisplayMediaRequestHandler: (handler: DisplayMediaHandler | null): void => {
    displayMediaHandler = handler
  },
  /** There are no devices to give. */
  setDevicePermissionHandler: (_handler: (() => boolean) | null): void => undefined,
})

export const session = strict('session', { defaultSession })

/** Electron's permissions and the browser's names for what they give. Full screen can't be refused here. */
const permissions = [
  ['background-sync', ['backgroundSync']],
  ['clipboard-read', ['clipboardReadWrite']],
  ['clipboard-sanitized-write', ['clipboardSanitizedWrite']],
  ['display-capture', ['displayCapture']],
  ['geolocation', ['geolocation']],
  ['idle-detection', ['idleDetection']],
  ['local-fonts', ['localFonts']],
  ['media', ['audioCapture', 'videoCapture']],
  ['midi', ['midi', 'midiSysex']],
  ['notifications', ['notifications']],
  ['persistent-storage', ['durableStorage']],
  ['screen-wake-lock', ['wakeLockScreen']],
  ['sensors', ['sensors']],
  ['speaker-selection', ['speakerSelection']],
  ['storage-access', ['storageAccess']],
  ['window-management', ['windowManagement']],
] as const

/**
 * Electron asks when a page does; a browser must be told before. So the handlers are asked for everything as a page
 * is loaded, and what they allow is given to its origin, and nothing else.
 */
export async function grantPermissions(browser: Cdp, contents: unknown, url: string): Promise<void> {
  const granted: (typeof permissions)[number][1][number][] = []
  for (const [permission, names] of permissions)
    if (await isAllowed(contents, permission, url)) granted.push(...names)
  await browser.send('Browser.grantPermissions', {
    origin: new URL(toBrowser(url)).origin,
    permissions: granted,
  })
}

/** A page has what a check allows, or else what a request does; without handlers, everything. */
async function isAllowed(contents: unknown, permission: string, url: string): Promise<boolean> {
  const details = { isMainFrame: true, requestingUrl: url }
  const { protocol, host } = new URL(url)
  if (checkHandler?.(contents, permission, `${protocol}//${host}/`, details)) return true
  if (requestHandler === null) return checkHandler === null
  const { promise, resolve } = Promise.withResolvers<boolean>()
  requestHandler(contents, permission, resolve, details)
  return promise
}

/** What a page that asks for the screen gets: the name of the error it sees, or null, and it has it. */
export async function screenRefused(
  frame: { readonly url: string },
  asked: { readonly video: boolean; readonly audio: boolean },
): Promise<'NotSupportedError' | 'AbortError' | null> {
  const handler = displayMediaHandler
  if (handler === null) return 'NotSupportedError'
  const { protocol, host } = new URL(frame.url)
  const { promise, resolve } = Promise.withResolvers<'AbortError' | null>()
  const request = {
    frame,
    securityOrigin: `${protocol}//${host}/`,
    videoRequested: asked.video,
    audioRequested: asked.audio,
    userGesture: true,
  }
  handler(request, (streams) => {
    const { video } = streams
    resolve(asked.video && video?.id === undefined ? 'AbortError' : null)
    if (asked.video && video === undefined)
      throw new TypeError('Video was requested, but no video stream was provided')
  })
  return promise
}
