/** Stays at a reflector: comes in, and comes in again, with back-off, whenever it is out. */
import type { LinkFault } from '../../../../../contract/seat-radio.ts'
import type { Refused } from './entry.ts'
import type { Protocol, ReflectorPacket } from './messages.ts'
import { type Turn, Visit, type VisitEnd, type VisitOptions } from './visit.ts'

export interface LinkEars {
  up(): void
  /** Told again only with another reason. `password`: it needs one, or another. */
  down(why: string, password: boolean): void
  turn(turn: Turn): void
  packet(packet: ReflectorPacket): void
}

export interface LinkOptions extends Omit<VisitOptions, 'protocol'> {
  /** How long to wait before the next try, in ms. */
  readonly backOff: (attempt: number) => number
}

/** A link that is up so long is a good one: the next try is soon. */
const GOOD_MS = 30_000

export class Link {
  readonly #options: LinkOptions
  readonly #ears: LinkEars
  #visit: Visit | undefined
  #wait: NodeJS.Timeout | undefined
  #closed = false
  /** The newer one first; what the reflector spoke last is tried first again. */
  #protocol: Protocol = 2
  #tried = new Set<Protocol>()
  #attempt = 0
  #upSince: number | undefined
  /** It has let us in with this password. */
  #knowsUs = false
  #told: string | undefined

  constructor(options: LinkOptions, ears: LinkEars) {
    this.#options = options
    this.#ears = ears
    this.#open()
  }

  get isUp(): boolean {
    return this.#upSince !== undefined
  }

  sendVoice(payload: Uint8Array): void {
    this.#visit?.sendVoice(payload)
  }

  endVoice(): void {
    this.#visit?.endVoice()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#wait)
    this.#visit?.close()
    this.#visit = undefined
  }

  #open(): void {
    this.#visit = new Visit(
      { ...this.#options, protocol: this.#protocol },
      {
        up: () => {
          this.#knowsUs = true
          this.#upSince = this.#options.clock()
          this.#told = undefined
          this.#tried.clear()
          this.#ears.up()
        },
        turn: (turn) => this.#ears.turn(turn),
        packet: (packet) => this.#ears.packet(packet),
        ended: (end) => this.#left(end),
      },
    )
  }

  #left(end: VisitEnd): void {
    this.#visit = undefined
    if (this.#closed) return
    if (end.kind === 'refused' && end.why.kind === 'protocol' && this.#turnToOther()) {
      this.#open()
      return
    }
    this.#tried.clear()
    if (this.#upSince !== undefined && this.#options.clock() - this.#upSince > GOOD_MS) this.#attempt = 0
    this.#upSince = undefined
    this.#tell(end)
    this.#wait = setTimeout(() => this.#open(), this.#options.backOff(this.#attempt++))
  }

  /** Whether the other protocol is still to be tried. */
  #turnToOther(): boolean {
    this.#tried.add(this.#protocol)
    this.#protocol = this.#protocol === 2 ? 1 : 2
    return !this.#tried.has(this.#protocol)
  }

  #tell(end: VisitEnd): void {
    const why = meaning(end, this.#options)
    if (why === this.#told) return
    this.#told = why
    // Once let in, it is not the password: the reflector still has us from before, until it misses us.
    const password = end.kind === 'refused' && end.why.kind === 'access' && !this.#knowsUs
    this.#ears.down(why, password)
  }
}

function meaning(end: VisitEnd, { host, port }: LinkOptions): LinkFault | string {
  switch (end.kind) {
    case 'unreachable':
      return `${host}:${port}: ${end.text}`
    case 'silent':
      return `${host}:${port}: silent`
    case 'refused':
      return end.why.kind === 'said' ? end.why.text : refusals[end.why.kind]
    case 'no-packets':
    case 'closed':
      return end.kind
  }
}

const refusals: Readonly<Record<Exclude<Refused['kind'], 'said'>, LinkFault>> = {
  protocol: 'other-protocol',
  access: 'access-denied',
  'no-talkgroups': 'no-talkgroups',
  codec: 'no-opus',
  nonsense: 'no-reflector',
}
