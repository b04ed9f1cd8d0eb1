/**
 * Messages between units' telephones and the hub: this seat carries what its officer has written to units that have
 * nothing else, and takes in what comes to its lines from a unit's telephone (RFC 3428).
 */
import { randomUUID } from 'node:crypto'
import type { Command } from '../../../contract/commands.ts'
import { telephonesOf } from '../../../contract/directory.ts'
import type { Id } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import type { TextCarriage } from '../../../contract/seat-telephone.ts'
import type { SharedState } from '../../../contract/state.ts'
import { wordsSchema } from '../../../contract/tasks.ts'
import { unitWithNumber } from '../../../contract/telephony.ts'
import { type TextOutcome, textOf } from '../../../contract/text-delivery.ts'
import { isBy, type Message, type Thread, threadKey } from '../../../contract/threads.ts'
import type { Lines } from './lines.ts'
import { SipRefused } from './sip/sip-call.ts'
import type { SipText } from './sip/sip-port.ts'
import { MOST_BYTES, TextTooLong } from './sip/text.ts'

const LONGEST_SAID = 120

export interface TextsOptions {
  readonly lines: Pick<Lines<never>, 'sendMessage' | 'statuses'>
  /** Asks the hub and waits for its answer: rejects with a `Refusal` also where the hub can't be reached. */
  claim(command: Command): Promise<unknown>
  /** Keeps the command until the hub has it, across restarts. */
  submit(account: Id, command: Command): Promise<unknown>
  onTrouble(what: string, error: unknown): void
}

export class Texts {
  readonly #options: TextsOptions
  #seat: { readonly account: Id; readonly state: SharedState } | undefined
  /** What was asked for here, by message and unit: the hub has said yes or no to it. */
  readonly #tried = new Set<string>()
  /** Threads, as they were, in which nothing is left to carry. */
  #looked = new WeakSet<Thread>()
  /** Of each unit, the last that is carried: a number has one at a time to answer (RFC 3428, 8), and they stay in order. */
  readonly #lanes = new Map<Id, Promise<unknown>>()

  constructor(options: TextsOptions) {
    this.#options = options
  }

  sit(account: Id | null, state: SharedState): void {
    if (account !== this.#seat?.account) {
      this.#tried.clear()
      this.#looked = new WeakSet()
    }
    this.#seat = account === null ? undefined : { account, state }
    this.look()
  }

  /** Carries what this officer has written and no seat has taken on, as soon as a line is registered. */
  look(): void {
    if (this.#seat === undefined || !this.#isReady()) return
    const { account, state } = this.#seat
    for (const thread of Object.values(state.threads)) {
      if (this.#looked.has(thread)) continue
      this.#looked.add(thread)
      for (const message of thread.messages)
        if (isBy(message, account))
          for (const unit of message.telephones ?? []) this.#try(thread, message.id, unit)
    }
  }

  /** Somebody asks for it again. Resolves when the hub has agreed. Rejects with a `Refusal`. */
  async carryAgain(what: TextCarriage): Promise<void> {
    if (!this.#isReady()) throw new Refusal('no-line')
    await new Promise<void>((resolve, reject) => {
      this.#inLane(what.unit, () => this.#carry(what, true, resolve)).catch(reject)
    })
  }

  /** Resolves once the hub or this seat's own disk has it; rejects with a `SipRefused` if nobody will. */
  async takeIn({ id, from, text }: SipText): Promise<void> {
    if (this.#seat === undefined) throw new SipRefused(480, 'nobody sits here')
    const { account, state } = this.#seat
    const unit = unitWithNumber(state.directory, from.number)
    if (unit === null) throw new SipRefused(403, 'not a telephone of a unit')
    const readable = text.replaceAll('\r\n', '\n').replace(/[^\P{Cc}\n\t]/gu, ' ')
    const words = wordsSchema.safeParse(readable)
    if (!words.success) throw new SipRefused(readable.trim() === '' ? 400 : 413, 'not a text that is kept')
    try {
      await this.#options.submit(account, {
        kind: 'message.take-in',
        id,
        unit,
        number: from.number,
        text: words.data,
      })
    } catch (error) {
      if (error instanceof Refusal) throw new SipRefused(403, error.code)
      throw error
    }
  }

  #try({ name, deliveries }: Thread, message: string, unit: Id): void {
    const tried = `${message} ${unit}`
    if (deliveries?.[message]?.[unit] !== undefined || this.#tried.has(tried)) return
    this.#tried.add(tried)
    this.#inLane(unit, () => this.#carry({ thread: name, message, unit }, false)).catch((error) => {
      if (!(error instanceof Refusal)) this.#options.onTrouble('carrying a message', error)
      if (!(error instanceof Refusal) || error.code !== 'hub-unreachable') return
      // Nobody has said no: it is asked for again with the next that is known of the hub.
      this.#tried.delete(tried)
      this.#looked = new WeakSet()
    })
  }

  #isReady(): boolean {
    return this.#options.lines.statuses().some(({ state }) => state === 'registered')
  }

  #inLane(unit: Id, act: () => Promise<void>): Promise<void> {
    const turn = (this.#lanes.get(unit) ?? Promise.resolve()).then(act)
    const over = turn
      .catch(() => undefined)
      .then(() => {
        if (this.#lanes.get(unit) === over) this.#lanes.delete(unit)
      })
    this.#lanes.set(unit, over)
    return turn
  }

  async #carry(what: TextCarriage, again: boolean, onAgreed?: () => void): Promise<void> {
    const account = this.#seat?.account
    const message = this.#find(what)
    if (account === undefined || message === undefined)
      throw new Refusal('not-found', { what: 'message', id: what.message })
    const attempt = randomUUID()
    await this.#options.claim({ kind: 'message.carry', ...what, attempt, again })
    onAgreed?.()
    const outcome = await this.#send(message, what.unit)
    await this.#options.submit(account, { kind: 'message.report', ...what, attempt, outcome })
  }

  #find({ thread, message }: TextCarriage): Message | undefined {
    return this.#seat?.state.threads[threadKey(thread)]?.messages.find(({ id }) => id === message)
  }

  /** To the unit's numbers in their order, until one does not refuse it. */
  async #send(message: Message, unit: Id): Promise<TextOutcome> {
    let outcome: TextOutcome = { state: 'not-sent' }
    for (const number of telephonesOf(this.#seat?.state.directory.units[unit])) {
      outcome = await this.#sendTo(number, textOf(message))
      if (outcome.state !== 'refused') break
    }
    return outcome
  }

  async #sendTo(number: string, text: string): Promise<TextOutcome> {
    try {
      return { state: 'carried', number, status: await this.#options.lines.sendMessage(number, text) }
    } catch (error) {
      if (error instanceof TextTooLong) return { state: 'too-long', bytes: error.bytes, most: MOST_BYTES }
      if (error instanceof Refusal) return { state: 'not-sent' }
      if (!(error instanceof SipRefused)) throw error
      const said = error.message.replace(/\p{Cc}/gu, ' ').slice(0, LONGEST_SAID)
      return error.code === null
        ? { state: 'unanswered', number, said }
        : { state: 'refused', number, status: error.code, said }
    }
  }
}
