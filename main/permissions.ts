/** What the console's page may ask of the browser: sound and picture, the screen that was chosen for it, full screen, and its loudspeakers. */
import type { Session } from 'electron'
import { ORIGIN, originOf } from './origin.ts'

const allowed: readonly string[] = ['media', 'display-capture', 'fullscreen', 'speaker-selection']

/** `from` is the address or origin of whoever asks. Pure. */
export const isAllowed = (permission: string, from: string): boolean =>
  allowed.includes(permission) && originOf(from) === ORIGIN

export function guardPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(isAllowed(permission, requestingUrl)),
  )
  session.setPermissionCheckHandler((_contents, permission, origin) => isAllowed(permission, origin))
  session.setDevicePermissionHandler(() => false)
}
