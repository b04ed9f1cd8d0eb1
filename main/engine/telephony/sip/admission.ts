/** What is let in of all that comes, before sip.js sees it. */
import type { IncomingRequestMessage, IncomingResponseMessage, UserAgentCore } from 'sip.js/lib/core/index.js'
import { callIdOf, isResponse, transactionKey } from './wire.ts'

/**
 * Over UDP anybody may send. Who isn't the exchange is heard within dialogues and as an answer, and else not even
 * refused: that would answer whoever's address a forger has written down. Said of the text, since parsing costs.
 */
export function maySay(core: UserAgentCore, text: string): boolean {
  if (isResponse(text)) {
    const key = transactionKey(text)
    return key !== undefined && core.userAgentClients.has(key.branch + key.method)
  }
  const callId = callIdOf(text)
  return (
    [...core.dialogs.values()].some((dialogue) => dialogue.callId === callId) ||
    [...core.subscribers.values()].some(({ message }) => message.callId === callId)
  )
}

/** RFC 3261, 12.2.2; of the first NOTIFY, whose dialogue it makes, RFC 6665, 4.4.1. */
export const isWithinDialogue = (
  { dialogs, subscribers }: UserAgentCore,
  { callId, toTag, fromTag, method }: IncomingRequestMessage,
): boolean =>
  dialogs.has(`${callId}${toTag}${fromTag}`) ||
  (method === 'NOTIFY' &&
    [...subscribers.values()].some(({ message }) => message.callId === callId && message.fromTag === toTag))

/** sip.js looks at the branch and the method only (RFC 3261, 17.1.3), which can be guessed. */
export function isAnswer(core: UserAgentCore, message: IncomingResponseMessage): boolean {
  const { viaBranch, method, callId, fromTag, statusCode = 0 } = message
  const asked = core.userAgentClients.get(`${viaBranch}${method}`)?.message
  return asked?.callId === callId && asked?.fromTag === fromTag && statusCode >= 100 && statusCode < 700
}

/** Whether it has what every message must have (RFC 3261, 8.1.1 and 20.14). */
export function isWhole(message: IncomingRequestMessage | IncomingResponseMessage): boolean {
  const length = message.getHeader('content-length')
  return (
    message.from !== undefined &&
    message.to !== undefined &&
    message.callId !== undefined &&
    message.cseq !== undefined &&
    message.via !== undefined &&
    typeof message.viaBranch === 'string' &&
    message.viaBranch.startsWith('z9hG4bK') &&
    (length === undefined || Buffer.byteLength(message.body) >= Number(length)) &&
    (message.body === '' || message.getHeader('content-type') !== undefined)
  )
}
