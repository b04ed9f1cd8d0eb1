/** One INVITE to several places at once: the first to answer gets it (RFC 3261 16.7). */
import { parseNameAddress } from './address.ts'
import { type Header, header, headers, replyTo, type SipRequest, type SipResponse } from './message.ts'
import type { Stack } from './stack.ts'
import { type Time, timersOn } from './time.ts'
import {
  branchOf,
  type ClientTransaction,
  cancellation,
  type Peer,
  type ServerTransaction,
} from './transactions.ts'

export interface Target {
  /** The Request-URI that goes there. */
  readonly uri: string
  readonly at: Peer
}

export interface Fork {
  /** The caller has given up. */
  cancel(reason: readonly Header[]): void
}

/** Timer C, in milliseconds: nobody rings for longer (16.6, 11). */
const LONGEST_RINGING_MS = 200_000

/** To those who were too late (RFC 3326). */
const elsewhere: Header = ['Reason', 'SIP;cause=200;text="Call completed elsewhere"']

interface Branch {
  readonly target: Target
  transaction: ClientTransaction | undefined
  /** A CANCEL may only follow a provisional response (9.1). */
  state: 'silent' | 'ringing' | 'ended'
  cancelReason: readonly Header[] | undefined
}

export interface ForkOptions {
  readonly stack: Stack
  readonly time: Time
  readonly server: ServerTransaction
  readonly outgoing: SipRequest
  readonly targets: readonly Target[]
  /** Where a phone forwards its call (16.7, 4); nowhere if that is not to be had here. */
  redirected(uri: string): readonly Target[]
  /** Nothing more can come. */
  done(): void
}

/** Sends the request to every target and the answers back. */
export function openFork({ stack, time, server, outgoing, targets, redirected, done }: ForkOptions): Fork {
  const timers = timersOn(time)
  const refusals: SipResponse[] = []
  const branches: Branch[] = []
  /** Every place that it was sent to, so that no forwarding goes round. */
  const tried = new Set<string>()
  let cancelled = false

  const cancelBranch = (branch: Branch) => {
    const { transaction, cancelReason, state } = branch
    if (transaction === undefined || cancelReason === undefined || state !== 'ringing') return
    const { request, to } = transaction
    stack.ask(
      cancellation(request, cancelReason),
      to,
      { response: () => undefined, timeout: () => undefined },
      branchOf(request),
    )
  }
  const cancelOthers = (reason: readonly Header[], but?: Branch) => {
    for (const branch of branches) {
      if (branch === but || branch.state === 'ended' || branch.cancelReason !== undefined) continue
      branch.cancelReason = reason
      cancelBranch(branch)
    }
  }
  const end = (branch: Branch) => {
    branch.state = 'ended'
    if (branches.some(({ state }) => state !== 'ended')) return
    timers.clearAll()
    if (!server.isAnswered) server.respond(best(server.request, refusals))
    done()
  }
  const hear = (branch: Branch, response: SipResponse) => {
    const upward: SipResponse = { ...response, headers: withoutTopVia(response.headers) }
    if (response.status < 200) {
      const wasSilent = branch.state === 'silent'
      branch.state = 'ringing'
      if (wasSilent) cancelBranch(branch)
      if (response.status > 100 && !server.isAnswered) server.respond(upward)
      return
    }
    if (response.status < 300) {
      // Repeated and further ones too: the caller acknowledges each.
      server.respond(upward)
      cancelOthers([elsewhere], branch)
    } else if (response.status < 400) {
      const contact = parseNameAddress(header(response, 'Contact'))?.uri ?? ''
      const further = cancelled || server.isAnswered ? [] : redirected(contact)
      // Nobody who has forwarded it is somebody who has refused it.
      if (!send(further)) refusals.push(replyTo(server.request, 480))
    } else {
      refusals.push(upward)
      if (response.status >= 600) cancelOthers([], branch)
    }
    if (branch.state !== 'ended') end(branch)
  }
  /** Whether it went anywhere. */
  const send = (to: readonly Target[]): boolean => {
    const added = to
      .filter(({ uri }) => !tried.has(uri))
      .map((target): Branch => {
        return { target, transaction: undefined, state: 'silent', cancelReason: undefined }
      })
    branches.push(...added)
    for (const branch of added) {
      const { uri, at } = branch.target
      tried.add(uri)
      branch.transaction = stack.ask({ ...outgoing, uri }, at, {
        response: (response) => hear(branch, response),
        timeout: () => {
          refusals.push(replyTo(server.request, 408))
          end(branch)
        },
      })
    }
    for (const branch of added)
      if (branch.transaction === undefined) {
        refusals.push(replyTo(server.request, 503))
        end(branch)
      }
    return added.length > 0
  }

  timers.set('C', LONGEST_RINGING_MS, () => cancelOthers([]))
  send(targets)
  return {
    cancel: (reason) => {
      cancelled = true
      cancelOthers(reason)
    },
  }
}

/** The refusal that says most: 6xx, otherwise of the lowest class, where somebody's own word goes before silence. */
function best(request: SipRequest, refusals: readonly SipResponse[]): SipResponse {
  const rank = ({ status }: SipResponse) => {
    if (status >= 600) return 0
    const silence = status === 408 || status === 487 ? 50 : 0
    return Math.floor(status / 100) * 100 + silence
  }
  const [first = replyTo(request, 480)] = [...refusals].sort((one, other) => rank(one) - rank(other))
  // 503 would be about this exchange itself (16.7, 6).
  return first.status === 503 ? { ...first, status: 500, reason: 'Server Internal Error' } : first
}

/** What goes back the way the request came. */
export function withoutTopVia(all: readonly Header[]): Header[] {
  const top = all.findIndex(([name]) => name.toLowerCase() === 'via')
  return all.filter((_header, at) => at !== top)
}

/** The Reason headers of a CANCEL, which are passed on. */
export const reasonsOf = (cancel: SipRequest): Header[] =>
  headers(cancel, 'Reason').map((reason) => ['Reason', reason])

/** The request as it goes on: one hop less, without what proved the sender (16.6). */
export function passedOn(request: SipRequest): SipRequest {
  const hops = Number(header(request, 'Max-Forwards') || '70') - 1
  const dropped = new Set(['max-forwards', 'proxy-authorization', 'route'])
  const kept = request.headers.filter(([name]) => !dropped.has(name.toLowerCase()))
  return { ...request, headers: [['Max-Forwards', `${hops}`], ...kept] }
}
