/** Dialogues (RFC 3261 12). Pure: a dialogue is what is known of it, and a step gives the next. */
import { parseNameAddress, tagOf } from './address.ts'
import { cseqOf, type Header, header, headers, type SipRequest, type SipResponse } from './message.ts'

export interface Dialogue {
  readonly callId: string
  readonly localTag: string
  readonly remoteTag: string
  /** From and To of our requests, with their tags. */
  readonly local: string
  readonly remote: string
  /** The other side's Contact: the Request-URI of what we send. */
  readonly target: string
  readonly routes: readonly string[]
  /** The last CSeq number of each side. */
  readonly localCseq: number
  readonly remoteCseq: number
}

const NO_BODY = Buffer.alloc(0)

/** Of who was invited (12.1.1). Undefined without a usable Contact. */
export function invitedDialogue(invite: SipRequest, localTag: string): Dialogue | undefined {
  const target = contactOf(invite)
  const remoteTag = tagOf(header(invite, 'From'))
  if (target === undefined || remoteTag === '') return undefined
  return {
    callId: header(invite, 'Call-ID'),
    localTag,
    remoteTag,
    local: `${header(invite, 'To')};tag=${localTag}`,
    remote: header(invite, 'From'),
    target,
    routes: headers(invite, 'Record-Route'),
    localCseq: 0,
    remoteCseq: cseqOf(invite)?.number ?? 0,
  }
}

/** Of who invited, from the 2xx (12.1.2). Undefined without a tag or a usable Contact. */
export function invitingDialogue(invite: SipRequest, answer: SipResponse): Dialogue | undefined {
  const target = contactOf(answer)
  const remoteTag = tagOf(header(answer, 'To'))
  if (target === undefined || remoteTag === '') return undefined
  return {
    callId: header(invite, 'Call-ID'),
    localTag: tagOf(header(invite, 'From')),
    remoteTag,
    local: header(invite, 'From'),
    remote: header(answer, 'To'),
    target,
    routes: [...headers(answer, 'Record-Route')].reverse(),
    localCseq: cseqOf(invite)?.number ?? 0,
    remoteCseq: 0,
  }
}

/** A request within the dialogue (12.2.1.1), and the dialogue after it. An ACK repeats the INVITE's number. */
export function requestIn(
  dialogue: Dialogue,
  method: string,
  more: readonly Header[] = [],
  body: Buffer = NO_BODY,
): readonly [SipRequest, Dialogue] {
  const number = method === 'ACK' ? dialogue.localCseq : dialogue.localCseq + 1
  const request: SipRequest = {
    kind: 'request',
    method,
    uri: dialogue.target,
    headers: [
      ...dialogue.routes.map((route): Header => ['Route', route]),
      ['Max-Forwards', '70'],
      ['From', dialogue.local],
      ['To', dialogue.remote],
      ['Call-ID', dialogue.callId],
      ['CSeq', `${number} ${method}`],
      ...more,
    ],
    body,
  }
  return [request, { ...dialogue, localCseq: number }]
}

/** The dialogue after a request of the other side; undefined if the request comes too late (12.2.2). */
export function afterRequest(dialogue: Dialogue, request: SipRequest): Dialogue | undefined {
  const number = cseqOf(request)?.number ?? 0
  if (number <= dialogue.remoteCseq) return undefined
  const renewed = refreshing.includes(request.method) ? contactOf(request) : undefined
  return { ...dialogue, remoteCseq: number, target: renewed ?? dialogue.target }
}

/** They may name another target (12.2; RFC 3311 5.1, RFC 6665 4.1.2.2). */
const refreshing: readonly string[] = ['INVITE', 'UPDATE', 'SUBSCRIBE']

/** What a dialogue is found by, seen from us. */
const dialogueKey = (callId: string, localTag: string, remoteTag: string): string =>
  JSON.stringify([callId, localTag, remoteTag])

export const keyOf = ({ callId, localTag, remoteTag }: Dialogue): string =>
  dialogueKey(callId, localTag, remoteTag)

/** The key of the dialogue that a request of the other side is in. */
export const keyOfRequest = (request: SipRequest): string =>
  dialogueKey(header(request, 'Call-ID'), tagOf(header(request, 'To')), tagOf(header(request, 'From')))

/** `id;to-tag=…;from-tag=…` (RFC 3891), as the key of the dialogue that is to be replaced. */
export function keyOfReplaces(value: string): string | undefined {
  const [callId = '', ...rest] = value.split(';').map((part) => part.trim())
  const params = new Map(rest.map((part) => part.split('=') as [string, string]))
  const [to, from] = [params.get('to-tag'), params.get('from-tag')]
  return to === undefined || from === undefined ? undefined : dialogueKey(callId, to, from)
}

function contactOf(message: SipRequest | SipResponse): string | undefined {
  const uri = parseNameAddress(header(message, 'Contact'))?.uri
  return uri !== undefined && /^sips?:/i.test(uri) ? uri : undefined
}
