/** Session timers (RFC 4028): a dialogue whose other side has vanished ends, because nobody refreshes it. */

/** The least interval this side takes, in seconds (RFC 4028, 4). */
export const LEAST_INTERVAL_S = 90

export interface SessionInterval {
  readonly seconds: number
  /** Whether this side is to refresh it. */
  readonly ours: boolean
}

interface SessionExpires {
  readonly seconds: number
  readonly refresher: 'uac' | 'uas' | undefined
}

export function sessionExpires(header: string | undefined): SessionExpires | undefined {
  const [, digits] = /^\s*(\d{1,9})\s*(?:;|$)/.exec(header ?? '') ?? []
  if (digits === undefined || Number(digits) === 0) return undefined
  const refresher = /;\s*refresher\s*=\s*(uac|uas)\b/i.exec(header ?? '')?.[1]?.toLowerCase()
  return {
    seconds: Number(digits),
    refresher: refresher === 'uac' || refresher === 'uas' ? refresher : undefined,
  }
}

/** What holds after an answer to an INVITE of ours; none if the answer says nothing of it. */
export function agreedAsClient(header: string | undefined): SessionInterval | undefined {
  const said = sessionExpires(header)
  return said && { seconds: said.seconds, ours: said.refresher !== 'uas' }
}

/** What is answered to an INVITE of theirs, and holds then. */
export function agreedAsServer(
  header: string | undefined,
  theyKnowTimers: boolean,
): { readonly interval: SessionInterval; readonly headers: readonly string[] } | undefined {
  const said = sessionExpires(header)
  if (said === undefined) return undefined
  const refresher = theyKnowTimers ? (said.refresher ?? 'uac') : 'uas'
  return {
    interval: { seconds: said.seconds, ours: refresher === 'uas' },
    headers: [
      `Session-Expires: ${said.seconds};refresher=${refresher}`,
      ...(refresher === 'uac' ? ['Require: timer'] : []),
    ],
  }
}

/** In ms from now, when to refresh if it is ours to do, and when to give the session up (RFC 4028, 10). */
export function deadlines({ seconds, ours }: SessionInterval): { refresh: number | null; over: number } {
  return {
    refresh: ours ? (seconds * 1000) / 2 : null,
    over: (seconds - Math.min(32, seconds / 3)) * 1000,
  }
}
