/** sip.js's transactions and dialogues on a transport of ours: what all else here sends and hears through. */
import { randomBytes, randomUUID } from 'node:crypto'
import {
  type Body,
  type IncomingInviteRequest,
  type IncomingMessageRequest,
  type IncomingResponseMessage,
  LoggerFactory,
  type OutgoingRequestMessage,
  type Transaction,
  TransactionState,
  type Transport,
  URI,
  UserAgentCore,
} from 'sip.js/lib/core/index.js'
import { Contact, type Grant } from './contact.ts'
import { Digest } from './digest.ts'
import { Hearing } from './hearing.ts'
import { SipRefused } from './sip-call.ts'
import type { SipPortOptions } from './sip-port.ts'
import type { SipTransport } from './transport.ts'
import { transportTo } from './transport-to.ts'
import { bracketed } from './wire.ts'

const methods = ['ACK', 'BYE', 'CANCEL', 'INFO', 'INVITE', 'NOTIFY', 'OPTIONS', 'REFER']

export interface AgentEars {
  invite(request: IncomingInviteRequest): void
  /** Left out: nobody here reads messages, and who sends one is told so. */
  message?(request: IncomingMessageRequest): void
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
  /** Left out: as calls have it; null: none. */
  readonly contact?: string | null
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
  /** Of requests, as an Allow header says it. */
  readonly allow: string
  readonly #loggers = new LoggerFactory()
  readonly #methods: readonly string[]
  /** The transport as sip.js has it. */
  readonly #sending: Transport
  readonly #contact: Contact
  readonly #hearing: Hearing

  constructor(options: SipPortOptions, ears: AgentEars) {
    this.#options = options
    this.#ears = ears
    this.#methods = ears.message === undefined ? methods : [...methods, 'MESSAGE']
    this.allow = `Allow: ${this.#methods.join(', ')}`
    this.#loggers.builtinEnabled = false
    const { openTransport = transportTo } = options
    this.#transport = openTransport(options, {
      message: (text, from) => this.#hearing.hear(text, from),
      lost: (why) => ears.lost(why),
    })
    const { protocol } = this.#transport
    this.#sending = { protocol, send: (message) => this.#transport.send(this.#amended(message)) }
    this.domain = new URI('sip', '', options.domain)
    this.account = new URI('sip', options.user, options.domain)
    const { instance = randomUUID(), flow = 1 } = options
    this.#contact = new Contact(instance, flow, this.#place())
    this.core = this.#makeCore()
    this.#hearing = new Hearing(this.core, {
      loggers: this.#loggers,
      methods: this.#methods,
      allow: this.allow,
      send: (answer) => void this.#transport.send(answer).catch(() => undefined),
    })
  }

  /** Of this account, in calls. */
  get contact(): string {
    return this.#contact.forCalls
  }

  /** A REGISTER for so many seconds. */
  composeRegister(
    expiresS: number,
    options: Pick<RequestOptions, 'cseq' | 'callId'>,
  ): OutgoingRequestMessage {
    return this.compose('REGISTER', this.domain, {
      ...options,
      to: this.account,
      contact: this.#contact.forRegistration,
      headers: [`Expires: ${expiresS}`],
    })
  }

  /** What the answer to a registration for so many seconds has granted; from now on that holds. */
  takeGrant(answer: Answer, askedS: number): Grant {
    const grant = this.#contact.grantOf(answer, askedS)
    this.#contact.grant(grant)
    this.core.configuration.contact.pubGruu = grant.gruu
    return grant
  }

  /** This side is not registered any more. */
  dropGrant(): void {
    this.#contact.grant(undefined)
    this.core.configuration.contact.pubGruu = undefined
  }

  /** `anew`: looks whether this machine and the exchange still are where they were. */
  async open(anew = false): Promise<void> {
    try {
      await (anew ? this.#transport.refresh() : this.#transport.open())
    } catch (error) {
      throw new SipRefused(null, error instanceof Error ? error.message : String(error))
    }
    this.core.configuration.viaHost = this.#viaHost()
    this.#contact.move(this.#place())
    this.core.configuration.contact.uri = this.#contact.uri
  }

  /** Whether the other end of the connection is there, without a request; undefined where that can't be asked. */
  get ping(): (() => Promise<void>) | undefined {
    return this.#transport.ping
  }

  /** The exchange does not answer. */
  doubt(): void {
    this.#transport.doubt()
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
    const { to = target, contact = this.contact, cseq, headers = [], body } = options
    // Whoever knows the chance of sip.js from one call must not know the names of the next one by it.
    const { callId = randomUUID(), fromTag = randomBytes(8).toString('hex') } = options
    return this.core.makeOutgoingRequestMessage(
      method,
      target,
      this.account,
      to,
      {
        callId,
        fromTag,
        ...(cseq !== undefined && { cseq }),
      },
      [...(contact === null ? [] : [`Contact: ${contact}`]), ...headers],
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

  /** sip.js would promise methods that nobody here hears, and has one Contact for everything. */
  #amended(message: string): string {
    const { headers = [] } = this.#options
    const lines = headers.map((line) => `\r\n${line}`).join('')
    const honest = message.replace(/^Allow: .*$/m, this.allow).replace('\r\n\r\n', () => `${lines}\r\n\r\n`)
    if (!honest.startsWith('SUBSCRIBE ')) return honest
    return honest.replace(/^Contact: .*$/m, `Contact: ${this.#contact.forSubscriptions}`)
  }

  /** Where this side is on the network. */
  #place(): URI {
    const { user, server } = this.#options
    const { host, port } = this.#transport.local
    const parameters = server.transport === 'udp' ? {} : { transport: this.#transport.protocol.toLowerCase() }
    return new URI('sip', user, bracketed(host), port, parameters)
  }

  #viaHost(): string {
    const { host, port } = this.#transport.local
    return port === undefined ? host : `${bracketed(host)}:${port}`
  }

  #makeCore(): UserAgentCore {
    const options = this.#options
    const credentials = { user: options.authUser ?? options.user, password: options.password }
    return new UserAgentCore(
      {
        aor: this.account,
        contact: {
          pubGruu: undefined,
          tempGruu: undefined,
          uri: this.#contact.uri,
          toString: () => this.contact,
        },
        displayName: options.displayName ?? '',
        loggerFactory: this.#loggers,
        hackViaTcp: false,
        routeSet: [],
        sipjsId: '',
        supportedOptionTags: ['outbound', 'replaces', 'timer'],
        supportedOptionTagsResponse: ['outbound', 'replaces', 'timer'],
        userAgentHeaderFieldValue: 'Watchfloor',
        viaForceRport: true,
        viaHost: this.#viaHost(),
        authenticationFactory: () => new Digest(this.#loggers, credentials),
        transportAccessor: () => this.#sending,
      },
      {
        onInvite: (request) => this.#ears.invite(request),
        onMessage: (request) => this.#ears.message?.(request),
        // Of subscriptions that this side does not have (RFC 6665, 4.1.3).
        onNotify: (request) => request.reject({ statusCode: 481 }),
        onRefer: (request) => request.reject({ statusCode: 603 }),
        // Nobody is told what this seat does; 480 would tell them that it is not there (RFC 6665, 4.2.1.3).
        onSubscribe: (request) => request.reject({ statusCode: 489, extraHeaders: ['Allow-Events: refer'] }),
      },
    )
  }
}

const isOpen = ({ state }: Transaction) =>
  state === TransactionState.Trying ||
  state === TransactionState.Calling ||
  state === TransactionState.Proceeding

/** Made by sip.js itself, where nothing was heard (RFC 3261, 8.1.3.1). */
export const isOurOwn = (response: IncomingResponseMessage): boolean => response.callId === undefined

const answerOf = (message: IncomingResponseMessage): Answer => ({
  status: message.statusCode ?? 0,
  reason: message.reasonPhrase ?? '',
  header: (name) => message.getHeader(name),
  headers: (name) => message.getHeaders(name),
})
