/** A new offer within a dialogue (RFC 3261, 14; RFC 3264, 8). */
import type { Body, IncomingRequestMessage, IncomingResponseMessage, Session } from 'sip.js/lib/core/index.js'
import type { Direction, MediaSession } from '../../media/media-session.ts'
import { isOurOwn } from './agent.ts'
import { optionTags } from './option-tags.ts'
import { agreedAsClient, agreedAsServer, type SessionInterval } from './session-timer.ts'

export type Offering =
  | { readonly kind: 'agreed'; readonly answer: string; readonly interval: SessionInterval | undefined }
  | { readonly kind: 'refused'; readonly code: number | null; readonly reason: string }
  /** The other side offers, too: again after so many ms, or after a time of chance. */
  | { readonly kind: 'glare'; readonly afterMs: number | undefined }
  /** It was answered, and the answer can't be used. */
  | { readonly kind: 'failed' }

/** When another INVITE is under way here, so that none can be sent. */
const OWN_GLARE_MS = 200
const LONGEST_RETRY_S = 10

export function offerAgain(
  session: Session,
  media: MediaSession,
  direction: Direction,
  extraHeaders: readonly string[],
): Promise<Offering> {
  return media.offer(direction).then(
    (offer) =>
      new Promise<Offering>((resolve) => {
        const refused = ({ message }: { message: IncomingResponseMessage }) => {
          media.rollBack()
          resolve(refusalOf(message))
        }
        try {
          session.invite(
            {
              onAccept: ({ message, ack }) => {
                ack()
                const answer = sdpOf(message)
                if (answer === undefined) return resolve({ kind: 'failed' })
                const interval = agreedAsClient(message.getHeader('session-expires'))
                media.accept(answer).then(
                  () => resolve({ kind: 'agreed', answer, interval }),
                  () => resolve({ kind: 'failed' }),
                )
              },
              onRedirect: refused,
              onReject: refused,
            },
            { body: sdp(offer), extraHeaders: [...extraHeaders] },
          )
        } catch {
          media.rollBack()
          resolve({ kind: 'glare', afterMs: OWN_GLARE_MS })
        }
      }),
  )
}

function refusalOf(message: IncomingResponseMessage): Offering {
  const { statusCode = 0, reasonPhrase = '' } = message
  if (isOurOwn(message)) return { kind: 'refused', code: null, reason: reasonPhrase }
  if (statusCode === 491) return { kind: 'glare', afterMs: undefined }
  const after = Number(message.getHeader('retry-after'))
  if (statusCode === 500 && after > 0 && after <= LONGEST_RETRY_S)
    return { kind: 'glare', afterMs: after * 1000 }
  return { kind: 'refused', code: statusCode, reason: reasonPhrase }
}

/** How long to wait after a glare, in ms: whoever began the call waits longer (RFC 3261, 14.1). */
export function glareWait(ownsTheCall: boolean, random: () => number): number {
  const wait = ownsTheCall ? 2_100 + random() * 1_900 : random() * 2_000
  return Math.round(wait / 10) * 10
}

/** The session timer that an INVITE asks for, and what is answered to it. */
export const timerFor = (invite: IncomingRequestMessage): ReturnType<typeof agreedAsServer> =>
  agreedAsServer(
    invite.getHeader('session-expires'),
    optionTags(invite.getHeader('supported')).includes('timer'),
  )

export const ACCEPT_SDP = 'Accept: application/sdp, multipart/mixed'

/** The session description in a message. */
export function sdpOf(message: IncomingRequestMessage | IncomingResponseMessage): string | undefined {
  const type = message.getHeader('content-type')?.split(';')[0]?.trim().toLowerCase()
  return message.body !== '' && type === 'application/sdp' ? message.body : undefined
}

export const sdp = (content: string): Body => ({
  contentDisposition: 'session',
  contentType: 'application/sdp',
  content,
})
