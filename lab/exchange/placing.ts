/** A call that a simulated phone places, until somebody answers or nobody does. */
import { randomInt } from 'node:crypto'
import { freshToken, parseUri } from './address.ts'
import { ALLOW, SDP, SUPPORTED } from './call.ts'
import { type Dialogue, invitingDialogue, keyOf, requestIn } from './dialogue.ts'
import type { Header, SipRequest, SipResponse } from './message.ts'
import { parseAudio, type RemoteAudio, writeOffer } from './sdp.ts'
import type { Stack } from './stack.ts'
import { branchOf, type ClientTransaction, cancellation, type Peer } from './transactions.ts'

export interface Placing {
  /** Gives up; `ended` still comes. */
  cancel(): void
}

export interface PlacingOptions {
  readonly stack: Stack
  readonly exchange: Peer
  /** The Request-URI. */
  readonly uri: string
  readonly from: string
  readonly domain: string
  readonly contact: Header
  readonly more: readonly Header[]
  /** Of its RTP. */
  readonly port: number
  progress(status: number, reason: string): void
  /** Answered: the call is up. */
  answered(dialogue: Dialogue, remote: RemoteAudio): void
  /** Nobody answered, or nobody that could be talked to. */
  ended(status: number, reason: string): void
}

export function placeCall(options: PlacingOptions): Placing {
  const { stack, exchange, uri, from, domain, contact, port } = options
  const invite: SipRequest = {
    kind: 'request',
    method: 'INVITE',
    uri,
    headers: [
      ['Max-Forwards', '70'],
      ['From', `<sip:${from}@${domain}>;tag=${freshToken()}`],
      ['To', `<${toOf(uri)}>`],
      ['Call-ID', `${freshToken()}@${stack.self.address}`],
      ['CSeq', `${randomInt(1, 10_000)} INVITE`],
      contact,
      ALLOW,
      SUPPORTED,
      ...options.more,
      SDP,
    ],
    body: writeOffer({ address: stack.self.address, port, session: port, version: 1 }),
  }
  let state: 'silent' | 'ringing' | 'up' | 'over' = 'silent'
  let cancelled = false
  let upKey = ''
  let transaction: ClientTransaction | undefined

  const sendCancel = () => {
    if (transaction === undefined) return
    const { request } = transaction
    const ears = { response: () => undefined, timeout: () => undefined }
    stack.ask(cancellation(request, []), exchange, ears, branchOf(request))
  }
  const end = (status: number, reason: string) => {
    if (state === 'up' || state === 'over') return
    state = 'over'
    options.ended(status, reason)
  }
  /** Acknowledges every 2xx, and keeps the first whose answer can be used (13.2.2.4). */
  const take = (response: SipResponse) => {
    const dialogue = invitingDialogue(invite, response)
    if (dialogue === undefined) return end(500, 'No Contact')
    const [ack] = requestIn(dialogue, 'ACK')
    const via: Header = [
      'Via',
      `SIP/2.0/UDP ${stack.self.address}:${stack.self.port};branch=z9hG4bK${freshToken()};rport`,
    ]
    stack.send({ ...ack, headers: [via, ...ack.headers] }, exchange)
    if (upKey === keyOf(dialogue)) return
    const remote = parseAudio(response.body)
    const isWanted = !cancelled && remote !== undefined && (state === 'silent' || state === 'ringing')
    if (isWanted) {
      state = 'up'
      upKey = keyOf(dialogue)
      options.answered(dialogue, remote)
      return
    }
    const [bye] = requestIn(dialogue, 'BYE')
    stack.ask(bye, exchange, { response: () => undefined, timeout: () => undefined })
    end(487, 'Request Terminated')
  }

  transaction = stack.ask(invite, exchange, {
    response: (response) => {
      const { status, reason } = response
      if (status >= 300) end(status, reason)
      else if (status >= 200) take(response)
      else if (state === 'silent' || state === 'ringing') {
        if (state === 'silent' && cancelled) sendCancel()
        state = 'ringing'
        if (status > 100) options.progress(status, reason)
      }
    },
    timeout: () => end(408, 'Request Timeout'),
  })
  if (transaction === undefined) queueMicrotask(() => end(503, 'Service Unavailable'))
  return {
    cancel: () => {
      if (cancelled || state === 'up' || state === 'over') return
      cancelled = true
      if (state === 'ringing') sendCancel()
    },
  }
}

/** To without what belongs to a Request-URI only (19.1.1). */
const toOf = (uri: string): string => {
  const parsed = parseUri(uri)
  return parsed === undefined || parsed.user === ''
    ? uri
    : `${parsed.scheme}:${parsed.user}@${parsed.host}${parsed.port === undefined ? '' : `:${parsed.port}`}`
}
