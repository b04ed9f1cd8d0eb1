/**
 * Sending again over UDP what sip.js sends once: requests until they are answered (timers A and E), refusals of
 * an INVITE until they are acknowledged (timer G). RFC 3261, 17.1.1.2, 17.1.2.2 and 17.2.1.
 */
import { type TransactionKey, transactionKey } from './wire.ts'

const T1_MS = 500
const T2_MS = 4_000
/** Timers B, F and H. */
const GIVEN_UP_MS = 64 * T1_MS
/** More transactions at once than a seat can have; beyond it messages are sent once only. */
const MOST = 2_000

interface Pending {
  timer: NodeJS.Timeout
  waitMs: number
  waitedMs: number
  /** Timer E goes on at T2 once a provisional response has come. */
  readonly doubles: boolean
}

export class Retransmission {
  readonly #pending = new Map<string, Pending>()

  /** `resend` is called with a message that has just been sent, again and again. */
  sent(message: string, resend: () => void): void {
    const key = transactionKey(message)
    if (key === undefined || this.#pending.size >= MOST) return
    const request = key.status === undefined && !message.startsWith('ACK ')
    const refusal = key.method === 'INVITE' && (key.status ?? 0) >= 300
    const id = nameOf(key)
    if (!(request || refusal) || this.#pending.has(id)) return
    const pending: Pending = {
      timer: setTimeout(() => this.#again(id, pending, resend), T1_MS),
      waitMs: T1_MS,
      waitedMs: 0,
      doubles: request && key.method === 'INVITE',
    }
    this.#pending.set(id, pending)
  }

  /** Every message that comes in. */
  received(message: string): void {
    const key = transactionKey(message)
    if (key === undefined) return
    if (message.startsWith('ACK ')) this.#stop(nameOf({ ...key, method: 'INVITE', status: 300 }))
    if (key.status === undefined) return
    const id = nameOf({ ...key, status: undefined })
    if (key.method === 'INVITE' || key.status >= 200) this.#stop(id)
    else {
      const pending = this.#pending.get(id)
      if (pending !== undefined) pending.waitMs = T2_MS
    }
  }

  clear(): void {
    for (const { timer } of this.#pending.values()) clearTimeout(timer)
    this.#pending.clear()
  }

  #again(id: string, pending: Pending, resend: () => void): void {
    pending.waitedMs += pending.waitMs
    if (pending.waitedMs >= GIVEN_UP_MS) {
      this.#pending.delete(id)
      return
    }
    resend()
    pending.waitMs = pending.doubles ? pending.waitMs * 2 : Math.min(pending.waitMs * 2, T2_MS)
    pending.timer = setTimeout(() => this.#again(id, pending, resend), pending.waitMs)
  }

  #stop(id: string): void {
    clearTimeout(this.#pending.get(id)?.timer)
    this.#pending.delete(id)
  }
}

const nameOf = ({ branch, method, status }: TransactionKey) =>
  `${status === undefined ? 'ask' : 'refuse'} ${method} ${branch}`
