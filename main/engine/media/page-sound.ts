/** The loopback as the engine contract carries it: offers to whichever page asks for them, answers back. */

import { Inbox } from '../../../contract/inbox.ts'
import type { SoundAnswer, SoundOffer } from '../../../contract/seat-sound.ts'
import type { ConsoleLeg } from './console-leg.ts'
import { Loopback } from './loopback.ts'

export interface PageSound {
  /** Under a name that the page knows the leg by. */
  openLeg(name: string): ConsoleLeg
  /** For the page that asks last; one before it hears no more. */
  watchOffers(signal: AbortSignal): AsyncIterable<SoundOffer>
  takeAnswer(answer: SoundAnswer): Promise<void>
  close(): void
}

export function openPageSound(onTrouble: (error: unknown) => void): PageSound {
  let inbox: Inbox<SoundOffer> | undefined
  const loopback = new Loopback({ onOffer: (offer) => inbox?.push(offer), onTrouble })
  return {
    openLeg: (name) => loopback.open(name),
    watchOffers: async function* (signal) {
      const mine = new Inbox<SoundOffer>(signal)
      inbox = mine
      loopback.connect()
      try {
        yield* mine
      } finally {
        if (inbox === mine) {
          inbox = undefined
          loopback.disconnect()
        }
      }
    },
    takeAnswer: (answer) => loopback.takeAnswer(answer),
    close: () => loopback.close(),
  }
}
