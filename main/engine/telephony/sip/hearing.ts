/** Messages of others on their way to sip.js: read, looked at, refused where they are no good. */
import {
  type IncomingRequestMessage,
  IncomingResponseMessage,
  type LoggerFactory,
  NameAddrHeader,
  Parser,
  type UserAgentCore,
} from 'sip.js/lib/core/index.js'
import { isAnswer, isWhole, isWithinDialogue, maySay } from './admission.ts'
import { badRequest } from './bad-request.ts'
import { canMeet } from './digest.ts'
import { sdpPart } from './multipart.ts'
import { optionTags } from './option-tags.ts'
import type { Sender } from './transport.ts'
import { isResponse, withOneChallenge } from './wire.ts'

/**
 * More requests of others than a seat can have to do with in the 32 s for which they are remembered (50 calls a
 * second); beyond it they are told 503.
 */
const MOST_AT_ONCE = 4_000
/** Option tags of others that are done here (RFC 3261, 20.32). */
const KNOWN = ['replaces', 'timer', 'outbound', 'path', 'gruu']

interface HearingOptions {
  readonly loggers: LoggerFactory
  /** Those of others that are heard, and as an Allow header says it. */
  readonly methods: readonly string[]
  readonly allow: string
  /** An answer that sip.js has no part in. */
  send(answer: string): void
}

export class Hearing {
  readonly #core: UserAgentCore
  readonly #options: HearingOptions

  constructor(core: UserAgentCore, options: HearingOptions) {
    this.#core = core
    this.#options = options
  }

  /** sip.js throws at much of what is malformed: such a request is answered 400, a response is dropped. */
  hear(text: string, from: Sender): void {
    if (from === 'stranger' && !maySay(this.#core, text)) return
    try {
      const one = isResponse(text) ? withOneChallenge(text, canMeet) : text
      const message = Parser.parseMessage(one, this.#options.loggers.getLogger('parser'))
      if (message instanceof IncomingResponseMessage) this.#hearResponse(message)
      else if (message === undefined || !this.#isProper(message)) this.#refuse(text, from)
      else if (from === 'exchange' || isWithinDialogue(this.#core, message)) this.#hearRequest(message)
    } catch {
      this.#refuse(text, from)
    }
  }

  #hearResponse(message: IncomingResponseMessage): void {
    if (!isWhole(message) || !isAnswer(this.#core, message)) return
    simplify(message)
    this.#core.receiveIncomingResponseFromTransport(message)
  }

  /** Whether it can be understood. */
  #isProper(message: IncomingRequestMessage): boolean {
    const { ruri, method } = message
    const cseq: { method?: string } | undefined = message.parseHeader('cseq')
    if (ruri === undefined || !isWhole(message) || cseq?.method !== method) return false
    return method !== 'INVITE' || message.parseHeader('contact') instanceof NameAddrHeader
  }

  #hearRequest(message: IncomingRequestMessage): void {
    const { method, ruri } = message
    const unknown = optionTags(message.getHeader('require')).filter((tag) => !KNOWN.includes(tag))
    if (this.#core.userAgentServers.size >= MOST_AT_ONCE && method !== 'ACK' && method !== 'BYE')
      this.#core.replyStateless(message, { statusCode: 503, extraHeaders: ['Retry-After: 5'] })
    else if (!this.#options.methods.includes(method))
      this.#core.replyStateless(message, { statusCode: 405, extraHeaders: [this.#options.allow] })
    else if (unknown.length > 0 && method !== 'ACK' && method !== 'CANCEL')
      this.#core.replyStateless(message, {
        statusCode: 420,
        extraHeaders: [`Unsupported: ${unknown.join(', ')}`],
      })
    else {
      // sip.js takes requests for its own user only; the exchange knows best whom it sends here.
      calledNumbers.set(message, ruri?.user ?? '')
      if (ruri?.scheme === 'sip' || ruri?.scheme === 'sips')
        message.ruri = this.#core.configuration.contact.uri
      simplify(message)
      this.#core.receiveIncomingRequestFromTransport(message)
    }
  }

  #refuse(text: string, to: Sender): void {
    const answer = to === 'exchange' ? badRequest(text) : undefined
    if (answer !== undefined) this.#options.send(answer)
  }
}

/** sip.js takes bodies as a whole. */
function simplify(message: IncomingRequestMessage | IncomingResponseMessage): void {
  const description = sdpPart(message.getHeader('content-type') ?? '', message.body)
  if (description === undefined) return
  message.body = description
  message.setHeader('content-type', 'application/sdp')
}

const calledNumbers = new WeakMap<IncomingRequestMessage, string>()

/** The user part of a request's Request-URI, as it came. */
export const calledNumber = (request: IncomingRequestMessage): string => calledNumbers.get(request) ?? ''
