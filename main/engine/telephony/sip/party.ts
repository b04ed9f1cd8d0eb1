/** Who a request is from. */
import type { IncomingRequestMessage } from 'sip.js/lib/core/index.js'
import type { SipParty } from './sip-call.ts'

const LONGEST_NAME = 200

export function partyOf({ from }: IncomingRequestMessage): SipParty {
  const name = from.displayName?.trim() ?? ''
  return {
    number: (from.uri.user ?? from.uri.host).slice(0, LONGEST_NAME),
    name: name === '' ? null : name.slice(0, LONGEST_NAME),
  }
}
