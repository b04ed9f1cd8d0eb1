/** A line: an account at an exchange, registered at its primary server, or else at a standby. */
import type { NumberState } from '../../../contract/favourites.ts'
import type { Exchange, ExchangeServer, LineStatus } from '../../../contract/telephony.ts'
import { backOff } from '../back-off.ts'
import type { MediaSession } from '../media/media-session.ts'
import type { OpenLine, OpenLineOptions } from './lines.ts'
import { instanceOf } from './seat-identity.ts'
import type { SipCall } from './sip/sip-call.ts'
import { openSipPort, type Registration, type SipPort, type SipPortOptions } from './sip/sip-port.ts'
import { Watches } from './watches.ts'

/** Between rounds over all the servers. */
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000
/** A wrong password said again and again locks accounts. */
const LASTING_WAIT_MS = 300_000
const RETURN_MS = 30_000

export interface LineOptions<Media extends MediaSession> extends OpenLineOptions<Media> {
  /** The seat's identity, a UUID; left out: of a seat that is never started again. */
  readonly seat?: string
  openMedia(server: ExchangeServer): Media
  /** How often a standby's line looks whether the primary is back. */
  readonly returnMs?: number
  readonly random?: () => number
  /** Of the ports to its servers. */
  readonly port?: Pick<
    SipPortOptions,
    'authorities' | 'expiresS' | 'sessionS' | 'keepAliveMs' | 'keepAliveAnswerMs' | 'displayName'
  >
}

type Shown = Pick<LineStatus, 'state' | 'why'>

/** Begins to register at once. */
export function openLine<Media extends MediaSession>(options: LineOptions<Media>): OpenLine<Media> {
  return new Line(options)
}

class Line<Media extends MediaSession> implements OpenLine<Media> {
  state: Shown = { state: 'registering', why: null }
  readonly #options: LineOptions<Media>
  readonly #exchange: Exchange
  /** By the place of their server; those without a use any more are gone as soon as their calls are. */
  readonly #ports = new Map<number, SipPort<Media>>()
  readonly #leaving = new Set<SipPort<Media>>()
  /** Where it is registered, or was last. */
  #current = 0
  readonly #watches = new Watches()
  /** Tries without success since it was registered. */
  #failures = 0
  #trying = false
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: LineOptions<Media>) {
    this.#options = options
    this.#exchange = options.exchange
    void this.#try(0)
  }

  get calls(): readonly SipCall<Media>[] {
    return [...this.#leaving, ...this.#ports.values()].flatMap(({ calls }) => calls)
  }

  call(number: string): SipCall<Media> {
    return this.#portTo(this.#current).call(number)
  }

  sendMessage(number: string, text: string): Promise<number> {
    return this.#portTo(this.#current).sendMessage(number, text)
  }

  watch(number: string, hear: (state: NumberState) => void): () => void {
    return this.#watches.watch(number, hear)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#watches.use(undefined)
    clearTimeout(this.#timer)
    await Promise.allSettled([...this.#leaving, ...this.#ports.values()].map((port) => port.close()))
  }

  async #try(at: number): Promise<void> {
    this.#trying = true
    const port = this.#portTo(at)
    await port.register().catch(() => undefined)
    this.#trying = false
    if (this.#closed) return
    if (port.registration.state === 'registered') this.#serve(at)
    else this.#failed(at, port.registration)
  }

  #serve(at: number): void {
    this.#current = at
    this.#failures = 0
    this.#watches.use(this.#ports.get(at))
    for (const place of [...this.#ports.keys()]) if (place !== at) this.#leave(place)
    this.#show({ state: 'registered', why: null })
    if (at > 0) this.#after(this.#options.returnMs ?? RETURN_MS, () => void this.#lookForPrimary())
  }

  #failed(at: number, registration: Registration): void {
    const { servers } = this.#exchange
    const { why, lasting } =
      registration.state === 'failing' ? registration : { why: 'not registered', lasting: false }
    this.#failures += 1
    this.#watches.use(undefined)
    this.#show({ state: 'failing', why })
    const next = (at + 1) % servers.length
    if (lasting) this.#after(LASTING_WAIT_MS, () => void this.#try(0))
    else if (this.#failures % servers.length !== 0) void this.#try(next)
    else {
      const round = this.#failures / servers.length - 1
      const wait = backOff(round, FIRST_WAIT_MS, LONGEST_WAIT_MS, this.#options.random)
      this.#after(wait, () => void this.#try(0))
    }
  }

  async #lookForPrimary(): Promise<void> {
    await this.#portTo(0)
      .register()
      .catch(() => undefined)
    if (this.#closed || this.#current === 0 || this.state.state !== 'registered') return
    if (this.#ports.get(0)?.registration.state === 'registered') this.#serve(0)
    else this.#serve(this.#current)
  }

  #portTo(at: number): SipPort<Media> {
    const known = this.#ports.get(at)
    const server = this.#exchange.servers[at]
    if (known !== undefined) return known
    if (server === undefined) throw new Error('an exchange without servers has no lines')
    const { line, exchange, password, seat, openMedia, random, port } = this.#options
    const { onIncoming, onReferred, onMessage, onTrouble } = this.#options
    const opened = openSipPort<Media>({
      ...port,
      server,
      otherHosts: exchange.servers.map(({ host }) => host),
      domain: exchange.domain,
      user: line.number,
      password,
      ...(seat !== undefined && { instance: instanceOf(seat, `sip:${line.number}@${exchange.domain}`) }),
      // Servers may share what they know: leaving one must not be leaving the other.
      flow: at + 1,
      ...(line.authUser !== undefined && { authUser: line.authUser }),
      ...(random !== undefined && { random }),
      openMedia: () => openMedia(server),
      ears: {
        incoming: onIncoming,
        referred: onReferred,
        message: onMessage,
        registration: (registration) => this.#heard(opened, registration),
        trouble: onTrouble,
      },
    })
    this.#ports.set(at, opened)
    return opened
  }

  /** What nobody waits for: a registration that went, or came back by itself. */
  #heard(port: SipPort<Media>, registration: Registration): void {
    if (this.#trying || this.#closed || this.#ports.get(this.#current) !== port) return
    if (registration.state === 'failing') this.#failed(this.#current, registration)
  }

  #leave(at: number): void {
    const port = this.#ports.get(at)
    if (port === undefined) return
    this.#ports.delete(at)
    this.#leaving.add(port)
    const closeIfIdle = () => {
      if (port.calls.length > 0 || !this.#leaving.delete(port)) return
      void port.close()
    }
    for (const call of port.calls) call.onChange(closeIfIdle)
    if (port.calls.length > 0) void port.unregister()
    else closeIfIdle()
  }

  #show(shown: Shown): void {
    if (shown.state === this.state.state && shown.why === this.state.why) return
    this.state = shown
    this.#options.onChange()
  }

  #after(waitMs: number, act: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(act, waitMs)
  }
}
