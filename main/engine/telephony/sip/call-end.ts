/** Why a call ended, from what SIP said of it. */
import type { CallEnd } from '../../../../contract/telephony.ts'

const ends: Readonly<Record<number, CallEnd>> = {
  302: 'forwarded',
  404: 'not-found',
  408: 'no-answer',
  410: 'not-found',
  415: 'media',
  480: 'no-answer',
  484: 'not-found',
  486: 'busy',
  487: 'cancelled',
  488: 'media',
  600: 'busy',
  603: 'declined',
  604: 'not-found',
  606: 'media',
  607: 'declined',
}

/** Of a final status that refuses a call (RFC 3261, 21). */
export const endOf = (status: number): CallEnd => ends[status] ?? 'failed'

interface Reason {
  readonly protocol: string
  readonly cause: number | null
  readonly text: string
}

/** The first Reason of a BYE or CANCEL (RFC 3326). */
export function reasonOf(header: string | undefined): Reason | undefined {
  if (header === undefined) return undefined
  const protocol = /^\s*([\w.-]+)/.exec(header)?.[1]
  if (protocol === undefined) return undefined
  const cause = /;\s*cause\s*=\s*(\d+)/i.exec(header)?.[1]
  const text = /;\s*text\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(header)?.[1] ?? ''
  return { protocol, cause: cause === undefined ? null : Number(cause), text: text.replace(/\\(.)/g, '$1') }
}

/** Whether a call was given up because another phone has taken it. */
export const takenElsewhere = (reason: Reason | undefined): boolean =>
  (reason?.protocol.toUpperCase() === 'SIP' && reason.cause === 200) ||
  (reason?.protocol.toUpperCase() === 'Q.850' && reason.cause === 26)

/** A Reason header for it; what others have said is not repeated. */
export const reasonHeader = (code: number | null): readonly string[] =>
  code === null ? [] : [`Reason: SIP;cause=${code}`]
