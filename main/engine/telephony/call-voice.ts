/** The media of a call: there at once, although its ports are opened a moment later. */
import type { Exchange, ExchangeServer } from '../../../contract/telephony.ts'
import type { Direction, MediaSession } from '../media/media-session.ts'
import { openMediaSession, type VoiceSession } from '../media/session.ts'
import { addressTowards, locate } from './locate.ts'

export class CallVoice implements MediaSession {
  /** Rejects if there are no ports, or no way to the exchange. */
  readonly opened: Promise<VoiceSession>

  constructor(opening: Promise<VoiceSession>) {
    this.opened = opening
    // Whoever asks for a description is told; nobody need ask.
    opening.catch(() => undefined)
  }

  async offer(direction: Direction): Promise<string> {
    return (await this.opened).offer(direction)
  }

  async answer(offer: string, direction: Direction): Promise<string> {
    return (await this.opened).answer(offer, direction)
  }

  async accept(answer: string): Promise<void> {
    await (await this.opened).accept(answer)
  }

  rollBack(): void {
    void this.opened.then(
      (session) => session.rollBack(),
      () => undefined,
    )
  }

  onFailure(listener: (why: string) => void): void {
    void this.opened.then(
      ({ leg }) => leg.onFailure(listener),
      () => undefined,
    )
  }

  async close(): Promise<void> {
    const session = await this.opened.catch(() => undefined)
    await session?.close()
  }
}

/** For a call by this server. `srtp`: protected or nothing, in which way. */
export const openCallVoice = (server: ExchangeServer, srtp: NonNullable<Exchange['srtp']>): CallVoice =>
  new CallVoice(openTowards(server, srtp))

async function openTowards(
  server: ExchangeServer,
  srtp: NonNullable<Exchange['srtp']>,
): Promise<VoiceSession> {
  const [place] = await locate(server)
  const secure = srtp === true ? 'sdes' : srtp === 'dtls' ? 'dtls' : undefined
  return openMediaSession({ host: await addressTowards(place), secure })
}
