/** Keeps an account registered at a server (RFC 3261, 10; RFC 5626), and notices when the server is gone. */
import type { Agent, Answer } from './agent.ts'
import { SipRefused } from './sip-call.ts'
import type { Registration } from './sip-port.ts'

const ANSWER_MS = 10_000
const FAREWELL_MS = 2_000
const LONGEST_S = 86_400
/** Of the time after which the exchange would give the connection up (RFC 5626, 4.4.1). */
const FLOW_TIMER_SHARE = 0.8
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
    const known = this.state.state === 'registered' && this.#running === undefined
    if (known) await this.#send(0, FAREWELL_MS).catch(() => undefined)
    this.#agent.dropGrant()
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
      await this.#agent.open(true)
      const answer = await this.#enrol()
      if (!this.#wanted) {
        await this.#send(0, FAREWELL_MS).catch(() => undefined)
        throw new SipRefused(null, 'not wanted any more')
      }
      const { seconds, outbound, flowTimerS } = this.#agent.takeGrant(answer, this.#expiresS)
      this.#become({ state: 'registered', until: Date.now() + seconds * 1000 })
      this.#refresh = setTimeout(() => this.register().catch(() => undefined), seconds * 1000 * REFRESH_AT)
      const { keepAliveMs } = this.#options
      const everyMs = Math.min(
        keepAliveMs,
        (flowTimerS ?? Number.POSITIVE_INFINITY) * 1000 * FLOW_TIMER_SHARE,
      )
      this.#watch(everyMs, outbound ? this.#agent.ping : undefined)
    } catch (error) {
      const refused = error instanceof SipRefused ? error : new SipRefused(null, String(error))
      this.#fail(refused)
      throw refused
    }
  }

  /** Asks for the time that it may have, and where that is too short, once for what the registrar takes. */
  async #enrol(): Promise<Answer> {
    const answer = await this.#send(this.#expiresS, ANSWER_MS)
    const least = Number(answer.header('min-expires'))
    if (answer.status !== 423 || !(least > this.#expiresS && least <= LONGEST_S)) return expected(answer)
    this.#expiresS = least
    return expected(await this.#send(least, ANSWER_MS))
  }

  async #send(expiresS: number, giveUpMs: number): Promise<Answer> {
    const message = this.#agent.composeRegister(expiresS, {
      cseq: this.#cseq,
      ...(this.#callId !== undefined && { callId: this.#callId }),
    })
    this.#callId = message.callId
    try {
      return await this.#agent.ask(message, giveUpMs)
    } finally {
      // Even if no answer came: the registrar may have heard it, and takes no number twice (RFC 3261, 10.3).
      this.#cseq = message.cseq + 1
    }
  }

  /**
   * Asks again and again whether the exchange is there: by a ping of the connection that it keeps to (RFC 5626,
   * 4.4.1), or else by OPTIONS.
   */
  #watch(everyMs: number, ping: (() => Promise<void>) | undefined): void {
    const { keepAliveAnswerMs } = this.#options
    clearTimeout(this.#keepAlive)
    this.#keepAlive = setTimeout(() => {
      const timer = this.#keepAlive
      const asked =
        ping === undefined
          ? this.#agent.ask(this.#agent.compose('OPTIONS', this.#agent.domain), keepAliveAnswerMs)
          : within(ping(), keepAliveAnswerMs)
      asked.then(
        () => timer === this.#keepAlive && this.#watch(everyMs, ping),
        (error: Error) => timer === this.#keepAlive && this.#fail(error),
      )
    }, everyMs)
  }

  #fail(error: Error): void {
    this.#stop()
    if (!this.#wanted) return
    const code = error instanceof SipRefused ? error.code : null
    // Nothing was heard: what looks like a connection may be none any more (RFC 5626, 4.4.1).
    if (code === null) this.#agent.doubt()
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

function expected(answer: Answer): Answer {
  if (answer.status >= 300) throw new SipRefused(answer.status, answer.reason)
  return answer
}

function within(answer: Promise<void>, longestMs: number): Promise<void> {
  let impatient: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    impatient = setTimeout(() => reject(new SipRefused(null, 'no answer')), longestMs)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(impatient))
}
