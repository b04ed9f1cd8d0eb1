/**
 * A gateway that is a telephone to us: keyed by telephone keys, by INFO, or by the voice itself. It tells nothing of
 * its receiver, so that loudness is squelch.
 */

import { type Digit, isDigit } from '../../media/dtmf.ts'
import { Hearing } from '../../media/hearing.ts'
import type { VoicePacket } from '../../media/leg.ts'
import type { MediaSession } from '../../media/media-session.ts'
import type { RtpLeg } from '../../media/rtp-leg.ts'
import { type SipCall, SipRefused } from '../../telephony/sip/sip-call.ts'
import type { GatewayEars, GatewaySession } from './gateway.ts'
import { LevelSquelch } from './level-squelch.ts'
import type { SipAccess } from './sip.ts'

/** What it needs of a telephone's voice, and of a call. */
interface Telephone extends MediaSession {
  readonly leg: Pick<RtpLeg, 'onVoice' | 'send' | 'sendDigits' | 'digitsSent' | 'statistics'>
}
type Dialogue = Pick<SipCall, 'state' | 'inform' | 'renegotiate'>

/** Tells the gateway that the key is down or up; rejects if it can't be told. */
type Teller = (down: boolean) => Promise<void>

/** Of what went to the air gateways give back the end, and nobody answers so fast, in ms. */
const TAIL_MS = 300
/** How often silence is looked at, in ms. */
const LOOK_MS = 100
/** So long without a packet or a report, and it is asked whether it is there, in ms. */
const DOUBT_MS = 15_000
const ASK_EVERY_LOOKS = 50

export class SimpleGateway implements GatewaySession {
  readonly media: Telephone
  readonly #access: SipAccess
  readonly #ears: GatewayEars
  readonly #hearing = new Hearing()
  readonly #squelch = new LevelSquelch()
  #call: Dialogue | undefined
  #key: 'up' | 'down' = 'up'
  /** How often it went down: what came of an older one is not said of a newer one. */
  #presses = 0
  #deafUntil = 0
  /** One after the other, in the order of the keys. */
  #telling: Promise<void> = Promise.resolve()
  #looking: NodeJS.Timeout | undefined
  #looks = 0

  constructor(media: Telephone, access: SipAccess, ears: GatewayEars) {
    this.media = media
    this.#access = access
    this.#ears = ears
    media.leg.onVoice((packet) => this.#hear(packet))
  }

  begin(call: Dialogue): void {
    this.#call = call
    this.#looking = setInterval(() => this.#look(call), LOOK_MS)
    this.#ears.up()
  }

  key(): void {
    this.#key = 'down'
    this.#presses += 1
    this.#squelch.reset()
    const press = this.#presses
    this.#tell(true, () => {
      if (this.#isDown(press)) this.#ears.keyed()
    })
  }

  unkey(): void {
    if (this.#key === 'up') return
    this.#letGo()
    this.#tell(false, () => undefined)
  }

  send(packet: VoicePacket): void {
    if (this.#key === 'down') this.media.leg.send(packet)
  }

  end(): void {
    this.unkey()
    clearInterval(this.#looking)
    this.#hearing.close()
  }

  #tell(down: boolean, done: () => void): void {
    const call = this.#call
    if (call === undefined) return
    const teller = tellerOf(this.#access, this.media.leg, call)
    const press = this.#presses
    this.#telling = this.#telling
      .then(() => teller(down))
      .then(done, (error: unknown) => this.#untold(down, press, error))
  }

  /** Who refuses the key does not send; who was not told of its end, or says nothing, might never stop. */
  #untold(down: boolean, press: number, error: unknown): void {
    if (this.#call?.state === 'ended') return
    if (!down) this.#ears.lost('the gateway was not told that the key is up')
    else if (error instanceof SipRefused && error.code === null)
      this.#ears.lost('the gateway does not answer')
    else if (this.#isDown(press)) {
      this.#letGo()
      this.#ears.unkeyed('denied')
    }
  }

  #isDown(press: number): boolean {
    return this.#key === 'down' && this.#presses === press
  }

  #letGo(): void {
    this.#key = 'up'
    this.#deafUntil = performance.now() + TAIL_MS
  }

  #hear(packet: VoicePacket): void {
    if (this.#key === 'down' || performance.now() < this.#deafUntil) return
    const samples = this.#hearing.hear(packet)?.samples
    if (samples !== undefined) this.#squelch.take(samples, performance.now())
    this.#tellReception()
    this.#ears.voice(packet)
  }

  #tellReception(): void {
    this.#ears.reception(
      this.#squelch.isOpen(performance.now())
        ? { squelch: 'open', radio: null, emergency: false, signal: null }
        : { squelch: 'closed' },
    )
  }

  #look(call: Dialogue): void {
    this.#tellReception()
    const { silentSince } = this.media.leg.statistics
    this.#looks += 1
    if (this.#looks % ASK_EVERY_LOOKS !== 0 || silentSince === undefined) return
    // An offer that nobody answers ends the call.
    if (performance.now() - silentSince > DOUBT_MS) call.renegotiate().catch(() => undefined)
  }
}

function tellerOf(
  { keying, keyDigits = '*', unkeyDigits = '#' }: SipAccess,
  leg: Telephone['leg'],
  call: Dialogue,
): Teller {
  const digits = (down: boolean): Digit[] => [...(down ? keyDigits : unkeyDigits)].filter(isDigit)
  switch (keying) {
    case 'dtmf':
      return async (down) => {
        if (!leg.sendDigits(digits(down))) throw new Error('it hears no telephone keys')
        await leg.digitsSent
      }
    case 'info':
      return async (down) => {
        for (const digit of digits(down))
          await call.inform('application/dtmf-relay', `Signal=${digit}\r\nDuration=160\r\n`)
      }
    case 'voice':
    case 'ed137':
      return async () => undefined
  }
}
