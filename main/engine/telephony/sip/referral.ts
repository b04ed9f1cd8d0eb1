/** Asking the other side to call somebody else, and hearing how it fares (RFC 3515). */
import type { IncomingRequestMessage, Session } from 'sip.js/lib/core/index.js'
import type { Agent } from './agent.ts'
import { type SipCallEnd, SipRefused } from './sip-call.ts'

/** As long as somebody may let it ring. */
const NOTIFIED_WITHIN_MS = 180_000

export interface Referral {
  /** Resolves when the other side has reached whom it was to call. */
  readonly done: Promise<void>
  notified(message: IncomingRequestMessage): void
  callEnded(end: SipCallEnd): void
}

/** `target` as a Refer-To has it, in angle brackets. */
export function refer(
  session: Session,
  target: string,
  agent: Agent,
  progress: ((code: number) => void) | undefined,
): Referral {
  let resolve: () => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const done = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  const impatient = setTimeout(() => reject(new SipRefused(null, 'no news of it')), NOTIFIED_WITHIN_MS)
  const refused = ({
    message,
  }: {
    message: { statusCode: number | undefined; reasonPhrase?: string | undefined }
  }) => reject(new SipRefused(message.statusCode ?? null, message.reasonPhrase ?? ''))
  session.refer(
    { onReject: refused, onRedirect: refused },
    {
      extraHeaders: [
        `Contact: ${agent.contact}`,
        `Refer-To: ${target}`,
        `Referred-By: <${agent.account.toRaw()}>`,
      ],
    },
  )
  return {
    done: done.finally(() => clearTimeout(impatient)),
    notified: (message) => {
      const [, digits, reason = ''] = /^SIP\/2\.0 (\d{3}) ?([^\r\n]*)/.exec(message.body) ?? []
      const code = Number(digits ?? 0)
      if (code >= 300) reject(new SipRefused(code, reason))
      else if (code >= 200) resolve()
      else if (code >= 100) progress?.(code)
    },
    // Many hang up as soon as they have reached the other, without a word of it.
    callEnded: ({ here, reason }) => (here ? reject(new SipRefused(null, reason)) : resolve()),
  }
}
