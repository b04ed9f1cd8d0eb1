/** What the console's page may ask of the browser: sound and picture, full screen, and its loudspeakers. */
import type { Session } from 'electron'
import { ORIGIN } from './protocol.ts'

const allowed: readonly string[] = ['media', 'fullscreen', 'speaker-selection']

export const isAllowed = (permission: string, origin: string): boolean =>
  allowed.includes(permission) && (origin === ORIGIN || origin === `${ORIGIN}/`)

export function guardPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) =>
    answer(isAllowed(permission, originOf(contents.getURL()))),
  )
  session.setPermissionCheckHandler((_contents, permission, origin) => isAllowed(permission, origin))
  session.setDevicePermissionHandler(() => false)
}

/** `new URL(…).origin` is "null" for schemes Node does not know. */
const originOf = (url: string): string => {
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}
