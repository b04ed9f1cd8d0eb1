/** A gateway by ED-137: everything is told in the header of its packets. */
import { randomInt } from 'node:crypto'
import type { VoicePacket } from '../../media/leg.ts'
import type { RtpSockets } from '../../media/rtp-sockets.ts'
import type { GatewayEars, GatewaySession } from '../drivers/gateway.ts'
import { type RadioHeader, signalIn } from './header-extension.ts'
import { answered, type KeyState, type KeyStep, keyUp, pressed, typeOfKey } from './key.ts'
import { RadioSession } from './radio-session.ts'

/** In every message of the session. */
export const RADIO_VERSION = 'WG67-Version: radio.01'
/** In the INVITE. */
export const RADIO_HEADERS: readonly string[] = ['Subject: radio', 'Priority: normal']

export class Ed137Gateway implements GatewaySession {
  readonly media: RadioSession
  readonly #ears: GatewayEars
  readonly #clock = () => performance.now()
  #key: KeyState = keyUp
  #emergency = false
  /** It was keyed from here, and has not said yet that nobody keys. */
  #letsGo = false
  #isUp = false
  #ended = false

  constructor(sockets: RtpSockets, ears: GatewayEars) {
    this.#ears = ears
    this.media = new RadioSession({
      sockets,
      random: () => randomInt(2 ** 32) / 2 ** 32,
      clock: this.#clock,
      ears: {
        header: (header) => this.#hear(header),
        voice: (packet) => {
          if (!this.#ended) ears.voice(packet)
        },
        silent: () => {
          if (!this.#ended) ears.lost('the gateway sends nothing any more')
        },
      },
    })
  }

  begin(): void {
    // It is up when its first packet comes.
  }

  key(emergency: boolean): void {
    const { terms } = this.media
    if (terms?.transmits !== true) {
      this.#ears.unkeyed('denied')
      return
    }
    this.#emergency = emergency
    this.#letsGo = true
    this.#take(pressed(terms.pttId, this.#clock()))
  }

  unkey(): void {
    this.#take({ next: keyUp })
  }

  send(packet: VoicePacket): void {
    this.media.send(packet)
  }

  end(): void {
    this.unkey()
    this.#ended = true
  }

  #hear(header: RadioHeader): void {
    if (this.#ended) return
    if (!this.#isUp) {
      this.#isUp = true
      this.#ears.up()
    }
    const own = this.media.terms?.pttId
    this.#take(answered(this.#key, header, own, this.#clock()))
    const isKeyed = header.ptt !== 'off'
    if (!isKeyed && this.#key.state === 'up') this.#letsGo = false
    const isOurs = isKeyed && (own === undefined ? this.#letsGo : header.pttId === own)
    this.#ears.reception(
      header.squelch && !isOurs
        ? {
            squelch: 'open',
            // Another seat of the gateway, as the gateway numbers them; the air has no names.
            radio: isKeyed && header.pttId !== 0 ? `PTT ${header.pttId}` : null,
            emergency: header.ptt === 'emergency',
            signal: signalIn(header) ?? null,
          }
        : { squelch: 'closed' },
    )
  }

  #take({ next, news }: KeyStep): void {
    this.#key = next
    this.media.key(typeOfKey(next, this.#emergency))
    if (news === 'keyed') this.#ears.keyed()
    else if (news !== undefined) this.#ears.unkeyed(news)
  }
}
