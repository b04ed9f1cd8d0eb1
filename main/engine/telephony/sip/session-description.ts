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
  return address === '0.0.0.0' ? directed(sends(direction), false) : direction
}

/** What can be answered to an offer, wishing this. */
export const answering = (offered: Direction, wish: Direction): Direction =>
  directed(sends(wish) && receives(offered), receives(wish) && sends(offered))

export const sends = (direction: Direction): boolean => direction === 'sendrecv' || direction === 'sendonly'

export const receives = (direction: Direction): boolean =>
  direction === 'sendrecv' || direction === 'recvonly'

function directed(send: boolean, receive: boolean): Direction {
  if (send) return receive ? 'sendrecv' : 'sendonly'
  return receive ? 'recvonly' : 'inactive'
}
