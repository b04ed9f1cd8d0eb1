/** The little a dialogue reads of a session description: who may send (RFC 3264, 5.1 and 6.1). */
import type { Direction } from '../../media/media-session.ts'

const directions: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive']

/** The direction of the first audio stream, as its writer sees it. */
export function directionOf(sdp: string): Direction {
  const [session = '', ...media] = sdp.split(/^(?=m=)/m)
  const audio = media.find((stream) => stream.startsWith('m=audio')) ?? ''
  const said = (part: string) => directions.find((one) => new RegExp(`^a=${one}\\s*$`, 'm').test(part))
  const direction = said(audio) ?? said(session) ?? 'sendrecv'
  // As RFC 2543 asked to be held: sound to nowhere.
  const address = /^c=IN IP4 (\S+)/m.exec(audio)?.[1] ?? /^c=IN IP4 (\S+)/m.exec(session)?.[1]
  if (address !== '0.0.0.0') return direction
  return direction === 'sendrecv' || direction === 'sendonly' ? 'sendonly' : 'inactive'
}

export const receives = (direction: Direction): boolean =>
  direction === 'sendrecv' || direction === 'recvonly'
