/** Keeps an account registered at a server (RFC 3261, 10; RFC 5626), and notices when the server is gone. */
import type { Agent, Answer } from './agent.ts'
import { SipRefused } from './sip-call.ts'
import type { Registration } from './sip-port.ts'

const ANSWER_MS = 10_000
const FAREWELL_MS = 2_000
/** Refreshed when this part of its time is over. */
const REFRESH_AT = 0.8
/** No password and no waiting mends these, here or at a standby. */
const LASTING: readonly number[] = [401, 403, 404, 407]

export interface RegistrantOptions {
  readonly expiresS: number
  /** How often the server is asked whether it is there, and how long it may take to answer. */
  readonly keepAliveMs: number
  readonly keepAliveAnswerMs: number
  tell(registration: Registration): void
}

export class Registrant {
  state: Registration = { state: 'none' }
  readonly #agent: Agent
  readonly #options: RegistrantOptions
  #expiresS: number
  #callId: string | undefined
  #cseq = 1
  #wanted = false
  #refresh: NodeJS.Timeout | undefined
  #keepAlive: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined

  constructor(agent: Agent, options: RegistrantOptions) {
    this.#agent = agent
    this.#options = options
    this.#expiresS = options.expiresS
  }

  register(): Promise<void> {
    this.#wanted = true
    this.#running ??= this.#register().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Does not wait for a registration under way: that is taken back when it has come about. */
  async unregister(): Promise<void> {
    this.#wanted = false
    this.#stop()
    if (this.state.state === 'registered') await this.#send(0, FAREWELL_MS).catch(() => undefined)
    this.#become({ state: 'none' })
  }

  /** The connection is gone. */
  lost(why: string): void {
    if (this.state.state === 'registered') this.#fail(new SipRefused(null, why))
  }

  async #register(): Promise<void> {
    this.#stop()
    if (this.state.state !== 'registered') this.#become({ state: 'registering' })
    try {
      await this.#agent.open()
      const answer = await this.#send(this.#expiresS, ANSWER_MS)
      if (!this.#wanted) {
        await this.#send(0, FAREWELL_MS).catch(() => undefined)
        throw new SipRefused(null, 'not wanted any more')
      }
      const seconds = this.#granted(answer)
      this.#become({ state: 'registered', until: Date.now() + seconds * 1000 })
      this.#refresh = setTimeout(() => this.register().catch(() => undefined), seconds * 1000 * REFRESH_AT)
      this.#watch()
    } catch (error) {
      const refused = error instanceof SipRefused ? error : new SipRefused(null, String(error))
      this.#fail(refused)
      throw refused
    }
  }

  async #send(expiresS: number, giveUpMs: number): Promise<Answer> {
    const message = this.#agent.compose('REGISTER', this.#agent.domain, {
      to: this.#agent.account,
      contactParameters: ';reg-id=1',
      headers: [`Expires: ${expiresS}`],
      cseq: this.#cseq,
      ...(this.#callId !== undefined && { callId: this.#callId }),
    })
    this.#callId = message.callId
    const answer = await this.#agent.ask(message, giveUpMs)
    this.#cseq = message.cseq + 1
    if (answer.status < 300) return answer
    const least = Number(answer.header('min-expires'))
    if (answer.status === 423 && least > expiresS) {
      this.#expiresS = least
      return this.#send(least, giveUpMs)
    }
    throw new SipRefused(answer.status, answer.reason)
  }

  /** For how many seconds: as this Contact says, or all do, or as was asked for. */
  #granted(answer: Answer): number {
    const own = answer.headers('contact').find((contact) => this.#agent.isThis(contact))
    const said = /;\s*expires\s*=\s*"?(\d+)/i.exec(own ?? '')?.[1] ?? answer.header('expires')
    const seconds = Number(said ?? this.#expiresS)
    return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 86_400) : this.#expiresS
  }

  #watch(): void {
    const { keepAliveMs, keepAliveAnswerMs } = this.#options
    clearTimeout(this.#keepAlive)
    this.#keepAlive = setTimeout(() => {
      const timer = this.#keepAlive
      this.#agent.ask(this.#agent.compose('OPTIONS', this.#agent.domain), keepAliveAnswerMs).then(
        () => timer === this.#keepAlive && this.#watch(),
        (error: Error) => timer === this.#keepAlive && this.#fail(error),
      )
    }, keepAliveMs)
  }

  #fail(error: Error): void {
    this.#stop()
    if (!this.#wanted) return
    const code = error instanceof SipRefused ? error.code : null
    const lasting = code !== null && LASTING.includes(code)
    this.#become({ state: 'failing', code, why: error.message, lasting })
  }

  #stop(): void {
    clearTimeout(this.#refresh)
    clearTimeout(this.#keepAlive)
    this.#keepAlive = undefined
  }

  #become(state: Registration): void {
    this.state = state
    this.#options.tell(state)
  }
}
