/** The officer's ear and mouth at one channel: what is heard, the tones of the own key, and the microphone's gate. */
import type { ConsoleLeg } from '../media/console-leg.ts'
import type { VoicePacket } from '../media/leg.ts'
import { PlayerLeg } from '../media/player-leg.ts'

/** What a channel uses of a leg to the page. */
export type PageLeg = Pick<ConsoleLeg, 'open' | 'send' | 'onVoice' | 'close'>

export class Ear {
  readonly #leg: PageLeg
  #player: PlayerLeg | undefined

  constructor(leg: PageLeg, onMicrophone: (packet: VoicePacket) => void) {
    this.#leg = leg
    leg.onVoice(onMicrophone)
  }

  /** Whether the microphone is let through. */
  set microphone(open: boolean) {
    this.#leg.open = open
  }

  /** A tone is short, and heard alone. */
  hear(packet: VoicePacket): void {
    if (this.#player === undefined) this.#leg.send(packet)
  }

  /** A new one takes the place of one that plays. */
  play(samples: Int16Array): void {
    this.#player?.close()
    const player = new PlayerLeg({
      samples,
      onEnd: () => {
        if (this.#player === player) this.#player = undefined
      },
    })
    this.#player = player
    player.onVoice((packet) => this.#leg.send(packet))
  }

  close(): void {
    this.#player?.close()
    this.#leg.close()
  }
}
