/** Being asked to call somebody else, or to take another for the other side (RFC 3515, RFC 3891). */
import { type IncomingRequestMessage, NameAddrHeader, type Session, type URI } from 'sip.js/lib/core/index.js'
import type { SipCall } from './sip-call.ts'

/** Call-ID, to-tag and from-tag of a Replaces; none of them has room for another header. */
export function replacesOf(header: string): [string, string, string] | undefined {
  const [, callId] = /^\s*([^\s;]+)\s*(?:;|$)/.exec(header) ?? []
  const tag = (name: string) => new RegExp(`;\\s*${name}-tag\\s*=\\s*([^;\\s]+)`, 'i').exec(header)?.[1]
  const [to, from] = [tag('to'), tag('from')]
  return callId === undefined || to === undefined || from === undefined ? undefined : [callId, to, from]
}

/** Whom a REFER names, and what is to be said to them; undefined if it can't be understood. */
export function referralOf(
  message: IncomingRequestMessage,
): { readonly uri: URI; readonly headers: readonly string[] } | undefined {
  const target: unknown = message.parseHeader('refer-to')
  if (!(target instanceof NameAddrHeader) || target.uri.scheme !== 'sip') return undefined
  const [replaces]: readonly string[] = target.uri.getHeader('Replaces') ?? []
  const uri = target.uri.clone()
  uri.clearHeaders()
  if (replaces === undefined) return { uri, headers: [] }
  const named = replacesOf(unescaped(replaces))
  if (named === undefined) return undefined
  const [callId, to, from] = named
  return { uri, headers: [`Replaces: ${callId};to-tag=${to};from-tag=${from}`] }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

/** Tells the other side of a call how the one it asked for fares, until that is answered or over. */
export function reportReferral(from: SipCall, session: Session, to: SipCall): void {
  let said = ''
  const tell = () => {
    const { status, over } = progressOf(to)
    if (status === said || from.end !== null || session.sessionState !== 'Confirmed') return
    said = status
    session.notify(undefined, {
      extraHeaders: [
        'Event: refer',
        `Subscription-State: ${over ? 'terminated;reason=noresource' : 'active;expires=180'}`,
      ],
      body: {
        contentDisposition: 'render',
        contentType: 'message/sipfrag',
        content: `SIP/2.0 ${status}\r\n`,
      },
    })
    if (over) stop()
  }
  const stop = to.onChange(tell)
  tell()
}

function progressOf({ state, end }: SipCall): { readonly status: string; readonly over: boolean } {
  if (end !== null) return { status: `${end.code ?? 503} ${oneLine(end.reason) || 'Failed'}`, over: true }
  if (state === 'trying') return { status: '100 Trying', over: false }
  if (state === 'ringing' || state === 'early') return { status: '180 Ringing', over: false }
  return { status: '200 OK', over: true }
}

const oneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ')
