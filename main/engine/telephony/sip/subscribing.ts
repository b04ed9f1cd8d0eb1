/** A subscription to something about a number (RFC 6665), asked for again whenever it ends. */
import { type IncomingNotifyRequest, type Subscription, URI } from 'sip.js/lib/core/index.js'
import { backOff } from '../../back-off.ts'
import type { Agent } from './agent.ts'

/** An exchange that was started again has forgotten it: nobody is shown what is not so for longer. */
const EXPIRES_S = 120
const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 120_000
/** The exchange says that there is nobody to be asked. */
const ABSENT: readonly number[] = [404, 410, 480, 604]

export interface SubscribingOptions {
  readonly number: string
  /** As the Event header names it. */
  readonly event: string
  /** The type of its documents. */
  readonly accept: string
  readonly random: () => number
  /** A document has come; it is empty where there is nothing to be told. */
  told(document: string): void
  /** Nothing is known any more; `absent`: since there is nobody to be asked. */
  lost(absent: boolean): void
}

export class Subscribing {
  readonly #agent: Agent
  readonly #options: SubscribingOptions
  #subscription: Subscription | undefined
  #again: NodeJS.Timeout | undefined
  #failures = 0
  #over = false

  constructor(agent: Agent, options: SubscribingOptions) {
    this.#agent = agent
    this.#options = options
    void this.#subscribe()
  }

  stop(): void {
    this.#over = true
    clearTimeout(this.#again)
    this.#subscription?.unsubscribe()
  }

  /** The exchange does not answer: what it has said is not known any more. */
  doubt(): void {
    if (this.#subscription === undefined) return
    this.#subscription.dispose()
    this.#lost(false)
  }

  /** The exchange is back. */
  hurry(): void {
    if (this.#again === undefined) return
    clearTimeout(this.#again)
    this.#again = undefined
    this.#failures = 0
    void this.#subscribe()
  }

  async #subscribe(): Promise<void> {
    try {
      await this.#agent.open()
    } catch {
      this.#lost(false)
      return
    }
    if (this.#over) return
    const { number, event, accept } = this.#options
    const message = this.#agent.compose('SUBSCRIBE', new URI('sip', number, this.#agent.domain.host), {
      headers: [`Event: ${event}`, `Expires: ${EXPIRES_S}`, `Accept: ${accept}`],
    })
    this.#agent.core.subscribe(message, {
      onNotify: ({ request, subscription }) => {
        if (subscription !== undefined) this.#follow(subscription)
        this.#notified(request)
      },
      onNotifyTimeout: () => this.#lost(false),
      onReject: ({ message: answer }) => this.#lost(ABSENT.includes(answer.statusCode ?? 0)),
    })
  }

  #follow(subscription: Subscription): void {
    this.#subscription = subscription
    this.#failures = 0
    subscription.delegate = {
      onNotify: (request) => this.#notified(request),
      onRefresh: (request) => {
        request.delegate = { onReject: () => this.#lost(false) }
      },
      onTerminated: () => this.#lost(false),
    }
    subscription.autoRefresh = true
    if (this.#over) subscription.unsubscribe()
  }

  #notified(request: IncomingNotifyRequest): void {
    request.accept()
    const { message } = request
    const header = message.getHeader('subscription-state') ?? ''
    const [state = ''] = header.trim().toLowerCase().split(';')
    if (state === 'terminated') {
      if (message.body !== '') this.#tell(message.body)
      this.#lost(/reason\s*=\s*noresource/i.test(header))
    } else if (state === 'active') this.#tell(message.body)
  }

  #tell(document: string): void {
    if (!this.#over) this.#options.told(document)
  }

  #lost(absent: boolean): void {
    if (this.#over) return
    this.#subscription = undefined
    // It may be told twice, by the NOTIFY and by the subscription that it ends.
    if (this.#again !== undefined) return
    this.#options.lost(absent)
    const wait = backOff(this.#failures, FIRST_WAIT_MS, LONGEST_WAIT_MS, this.#options.random)
    this.#failures += 1
    this.#again = setTimeout(() => {
      this.#again = undefined
      void this.#subscribe()
    }, wait)
  }
}
