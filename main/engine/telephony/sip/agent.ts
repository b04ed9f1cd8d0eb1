/** sip.js's transactions and dialogues on a transport of ours: what all else here sends and hears through. */
import { randomUUID } from 'node:crypto'
import {
  type Body,
  type IncomingInviteRequest,
  type IncomingMessageRequest,
  type IncomingRequestMessage,
  IncomingResponseMessage,
  LoggerFactory,
  NameAddrHeader,
  type OutgoingRequestMessage,
  Parser,
  type Transaction,
  TransactionState,
  URI,
  UserAgentCore,
} from 'sip.js/lib/core/index.js'
import { badRequest } from './bad-request.ts'
import { canMeet, Digest } from './digest.ts'
import { SipRefused } from './sip-call.ts'
import type { SipPortOptions } from './sip-port.ts'
import { type SipTransport, transportTo } from './transport.ts'
import { isResponse, withOneChallenge } from './wire.ts'

/** More requests of others at once than a seat can have to do with; beyond it they are told 503. */
const MOST_AT_ONCE = 500
/** Option tags of others that are done here (RFC 3261, 20.32). */
const KNOWN = ['replaces', 'timer', 'outbound', 'path', 'gruu']

export interface AgentEars {
  invite(request: IncomingInviteRequest): void
  message(request: IncomingMessageRequest): void
  /** The connection is gone, though nobody closed it. */
  lost(why: string): void
}

export interface Answer {
  readonly status: number
  readonly reason: string
  header(name: string): string | undefined
  headers(name: string): readonly string[]
}

export interface RequestOptions {
  /** Of the To, if it is another than what the request is addressed to. */
  readonly to?: URI
  readonly contactParameters?: string
  readonly headers?: readonly string[]
  readonly body?: Body
  readonly callId?: string
  readonly fromTag?: string
  readonly cseq?: number
}

export class Agent {
  readonly core: UserAgentCore
  readonly domain: URI
  readonly account: URI
  readonly #options: SipPortOptions
  readonly #ears: AgentEars
  readonly #transport: SipTransport
  readonly #loggers = new LoggerFactory()
  readonly #instance = randomUUID()
  #contact: URI

  constructor(options: SipPortOptions, ears: AgentEars) {
    this.#options = options
    this.#ears = ears
    this.#loggers.builtinEnabled = false
    this.#transport = transportTo(options, {
      message: (text) => this.#hear(text),
      lost: (why) => ears.lost(why),
    })
    this.domain = new URI('sip', '', options.domain)
    this.account = new URI('sip', options.user, options.domain)
    this.#contact = this.#contactNow()
    this.core = this.#makeCore()
  }

  /** Of this account, at its exchange. */
  get contact(): string {
    return `<${this.#contact.toRaw()}>;+sip.instance="<urn:uuid:${this.#instance}>"`
  }

  /** Whether a Contact of the exchange's list is this one. */
  isThis(contact: string): boolean {
    return contact.includes(this.#instance) || contact.includes(this.#contact.toRaw())
  }

  async open(): Promise<void> {
    try {
      await this.#transport.open()
    } catch (error) {
      throw new SipRefused(null, error instanceof Error ? error.message : String(error))
    }
    const { host, port } = this.#transport.local
    this.core.configuration.viaHost = port === undefined ? host : `${host}:${port}`
    this.#contact = this.#contactNow()
    this.core.configuration.contact.uri = this.#contact
  }

  /** Waits until nothing of ours is unanswered any more, or so many ms are over. */
  async settled(longestMs: number): Promise<void> {
    const over = Date.now() + longestMs
    const open = () => [...this.core.userAgentClients.values()].some((client) => isOpen(client.transaction))
    while (open() && Date.now() < over) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  async close(): Promise<void> {
    this.core.dispose()
    await this.#transport.close()
  }

  /** A request outside of any dialogue. */
  compose(method: string, target: URI, options: RequestOptions = {}): OutgoingRequestMessage {
    const { to = target, contactParameters = '', callId, fromTag, cseq, headers = [], body } = options
    const { host, port } = this.#options.server
    const foreign = target.host.toLowerCase() !== this.domain.host.toLowerCase()
    return this.core.makeOutgoingRequestMessage(
      method,
      target,
      this.account,
      to,
      {
        ...(callId !== undefined && { callId }),
        ...(fromTag !== undefined && { fromTag }),
        ...(cseq !== undefined && { cseq }),
        ...(foreign && { routeSet: [`<sip:${host}:${port};lr>`] }),
      },
      [`Contact: ${this.contact}${contactParameters}`, ...headers],
      body,
    )
  }

  /** Sends it and waits for its final answer, whichever; rejects if there is none within so many ms. */
  ask(message: OutgoingRequestMessage, giveUpMs = 32_000): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const impatient = setTimeout(() => {
        reject(new SipRefused(null, 'no answer'))
      }, giveUpMs)
      const settle = ({ message: answer }: { message: IncomingResponseMessage }) => {
        clearTimeout(impatient)
        if (isOurOwn(answer)) reject(new SipRefused(null, answer.reasonPhrase ?? ''))
        else resolve(answerOf(answer))
      }
      this.core.request(message, { onAccept: settle, onRedirect: settle, onReject: settle })
    })
  }

  #contactNow(): URI {
    const { user, server } = this.#options
    const { host, port } = this.#transport.local
    const parameters = server.transport === 'udp' ? {} : { transport: this.#transport.protocol.toLowerCase() }
    return new URI('sip', user, host, port, parameters)
  }

  #makeCore(): UserAgentCore {
    const { options, ears } = { options: this.#options, ears: this.#ears }
    const credentials = { user: options.authUser ?? options.user, password: options.password }
    return new UserAgentCore(
      {
        aor: this.account,
        contact: {
          pubGruu: undefined,
          tempGruu: undefined,
          uri: this.#contact,
          toString: () => this.contact,
        },
        displayName: options.displayName ?? '',
        loggerFactory: this.#loggers,
        hackViaTcp: false,
        routeSet: [],
        sipjsId: randomUUID().slice(0, 8),
        supportedOptionTags: ['outbound', 'replaces', 'timer'],
        supportedOptionTagsResponse: ['outbound', 'replaces', 'timer'],
        userAgentHeaderFieldValue: 'Watchfloor',
        viaForceRport: true,
        viaHost: '',
        authenticationFactory: () => new Digest(this.#loggers, credentials),
        transportAccessor: () => this.#transport,
      },
      { onInvite: (request) => ears.invite(request), onMessage: (request) => ears.message(request) },
    )
  }

  /** sip.js throws at much of what is malformed: such a request is answered 400, a response is dropped. */
  #hear(text: string): void {
    try {
      const one = isResponse(text) ? withOneChallenge(text, canMeet) : text
      const message = Parser.parseMessage(one, this.#loggers.getLogger('parser'))
      if (message instanceof IncomingResponseMessage) this.#hearResponse(message)
      else if (message === undefined || !this.#hearRequest(message)) this.#refuse(text)
    } catch {
      this.#refuse(text)
    }
  }

  #hearResponse(message: IncomingResponseMessage): void {
    const { statusCode = 0 } = message
    if (isWhole(message) && statusCode >= 100 && statusCode < 700)
      this.core.receiveIncomingResponseFromTransport(message)
  }

  /** Whether it could be understood. */
  #hearRequest(message: IncomingRequestMessage): boolean {
    const { ruri, method } = message
    const cseq: { method?: string } | undefined = message.parseHeader('cseq')
    if (ruri === undefined || !isWhole(message) || cseq?.method !== method) return false
    if (method === 'INVITE' && !(message.parseHeader('contact') instanceof NameAddrHeader)) return false
    const unknown = optionTags(message.getHeader('require')).filter((tag) => !KNOWN.includes(tag))
    if (this.core.userAgentServers.size >= MOST_AT_ONCE && method !== 'ACK' && method !== 'BYE')
      this.core.replyStateless(message, { statusCode: 503, extraHeaders: ['Retry-After: 5'] })
    else if (unknown.length > 0 && method !== 'ACK' && method !== 'CANCEL')
      this.core.replyStateless(message, {
        statusCode: 420,
        extraHeaders: [`Unsupported: ${unknown.join(', ')}`],
      })
    else {
      // sip.js takes requests for its own user only; the exchange knows best whom it sends here.
      calledNumbers.set(message, ruri.user ?? '')
      if (ruri.scheme === 'sip' || ruri.scheme === 'sips') message.ruri = this.#contact
      this.core.receiveIncomingRequestFromTransport(message)
    }
    return true
  }

  #refuse(text: string): void {
    const answer = badRequest(text)
    if (answer !== undefined) this.#transport.send(answer).catch(() => undefined)
  }
}

const isOpen = ({ state }: Transaction) =>
  state === TransactionState.Trying ||
  state === TransactionState.Calling ||
  state === TransactionState.Proceeding

const calledNumbers = new WeakMap<IncomingRequestMessage, string>()

/** The user part of a request's Request-URI, as it came. */
export const calledNumber = (request: IncomingRequestMessage): string => calledNumbers.get(request) ?? ''

/** Made by sip.js itself, where nothing was heard (RFC 3261, 8.1.3.1). */
export const isOurOwn = (response: IncomingResponseMessage): boolean => response.callId === undefined

export const optionTags = (header: string | undefined): readonly string[] =>
  (header ?? '')
    .toLowerCase()
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')

function isWhole(message: IncomingRequestMessage | IncomingResponseMessage): boolean {
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

const answerOf = (message: IncomingResponseMessage): Answer => ({
  status: message.statusCode ?? 0,
  reason: message.reasonPhrase ?? '',
  header: (name) => message.getHeader(name),
  headers: (name) => message.getHeaders(name),
})
