/** A subscription to what a number is doing (RFC 6665, RFC 4235), asked for again whenever it ends. */
import { type IncomingNotifyRequest, type Subscription, URI } from 'sip.js/lib/core/index.js'
import type { NumberState } from '../../../../contract/favourites.ts'
import { backOff } from '../../back-off.ts'
import type { Agent } from './agent.ts'
import { numberStateOf } from './dialog-info.ts'

/** An exchange that was started again has forgotten it: nobody is shown what is not so for longer. */
const EXPIRES_S = 120
const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 120_000
/** The exchange says that there is nobody to be asked. */
const ABSENT: readonly number[] = [404, 410, 480, 604]

export class Watching {
  readonly #agent: Agent
  readonly #number: string
  readonly #hear: (state: NumberState) => void
  readonly #random: () => number
  #state: NumberState = 'unknown'
  #subscription: Subscription | undefined
  #again: NodeJS.Timeout | undefined
  #failures = 0
  #over = false

  constructor(agent: Agent, number: string, hear: (state: NumberState) => void, random: () => number) {
    this.#agent = agent
    this.#number = number
    this.#hear = hear
    this.#random = random
    hear('unknown')
    void this.#subscribe()
  }

  stop(): void {
    this.#over = true
    clearTimeout(this.#again)
    this.#subscription?.unsubscribe()
  }

  /** The exchange does not answer: what it has said of the number is not known any more. */
  doubt(): void {
    if (this.#subscription === undefined) return
    this.#subscription.dispose()
    this.#lost('unknown')
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
      this.#lost('unknown')
      return
    }
    if (this.#over) return
    const target = new URI('sip', this.#number, this.#agent.domain.host)
    const message = this.#agent.compose('SUBSCRIBE', target, {
      headers: ['Event: dialog', `Expires: ${EXPIRES_S}`, 'Accept: application/dialog-info+xml'],
    })
    this.#agent.core.subscribe(message, {
      onNotify: ({ request, subscription }) => {
        if (subscription !== undefined) this.#follow(subscription)
        this.#notified(request)
      },
      onNotifyTimeout: () => this.#lost('unknown'),
      onReject: ({ message: answer }) =>
        this.#lost(ABSENT.includes(answer.statusCode ?? 0) ? 'offline' : 'unknown'),
    })
  }

  #follow(subscription: Subscription): void {
    this.#subscription = subscription
    this.#failures = 0
    subscription.delegate = {
      onNotify: (request) => this.#notified(request),
      onRefresh: (request) => {
        request.delegate = { onReject: () => this.#lost('unknown') }
      },
      onTerminated: () => this.#lost('unknown'),
    }
    subscription.autoRefresh = true
    if (this.#over) subscription.unsubscribe()
  }

  #notified(request: IncomingNotifyRequest): void {
    request.accept()
    const { message } = request
    const [state = ''] = (message.getHeader('subscription-state') ?? '').trim().toLowerCase().split(';')
    if (message.body !== '') this.#become(numberStateOf(message.body))
    if (state === 'terminated') {
      const gone = /reason\s*=\s*noresource/i.test(message.getHeader('subscription-state') ?? '')
      this.#lost(gone ? 'offline' : 'unknown')
    }
  }

  #lost(state: NumberState): void {
    if (this.#over) return
    this.#subscription = undefined
    this.#become(state)
    // It may be told twice, by the NOTIFY and by the subscription that it ends.
    if (this.#again !== undefined) return
    const wait = backOff(this.#failures, FIRST_WAIT_MS, LONGEST_WAIT_MS, this.#random)
    this.#failures += 1
    this.#again = setTimeout(() => {
      this.#again = undefined
      void this.#subscribe()
    }, wait)
  }

  #become(state: NumberState): void {
    if (this.#over || state === this.#state) return
    this.#state = state
    this.#hear(state)
  }
}
