/** The media of one SIP dialogue: a leg, and what was agreed for it. */
import { randomBytes, randomInt } from 'node:crypto'
import { ownCertificate } from './dtls.ts'
import type { Direction, MediaSession } from './media-session.ts'
import { type Agreed, OfferAnswer } from './offer-answer.ts'
import { RtpLeg } from './rtp-leg.ts'
import { openRtpSockets, type PortRange } from './rtp-sockets.ts'
import { KEY_MATERIAL_BYTES } from './srtp.ts'

export interface MediaSessionOptions {
  /** The IPv4 address of this machine that the other side reaches. */
  readonly host: string
  readonly ports?: PortRange
  /**
   * Offers SRTP and refuses plain RTP: with keys in the description, only for exchanges that are reached over TLS, or
   * by a handshake.
   */
  readonly secure?: 'sdes' | 'dtls' | undefined
}

export interface VoiceSession extends MediaSession {
  /** For bridges; statistics and keys are there too. */
  readonly leg: RtpLeg
  readonly agreed: Agreed | undefined
}

/** Rejects if no ports are free. */
export async function openMediaSession({ host, ports, secure }: MediaSessionOptions): Promise<VoiceSession> {
  const certificate = await ownCertificate()
  const sockets = await openRtpSockets(host, ports)
  const leg = new RtpLeg({
    sockets,
    certificate,
    random: () => randomInt(2 ** 32) / 2 ** 32,
    clock: () => performance.now(),
    wallClock: Date.now,
  })
  const rules = new OfferAnswer({
    local: sockets.local,
    sessionId: randomInt(2 ** 31),
    secure,
    key: randomBytes(KEY_MATERIAL_BYTES),
    fingerprint: certificate.fingerprint,
  })
  let asked: Direction = 'sendrecv'
  /** Whoever holds is silent, and deaf or not as agreed. */
  const apply = () => {
    const { agreed } = rules
    if (agreed === undefined) return
    const goesOut = agreed.direction === 'sendrecv' || agreed.direction === 'sendonly'
    leg.use(agreed, goesOut && asked === 'sendrecv')
  }
  let offered: Direction = asked
  return {
    leg,
    get agreed() {
      return rules.agreed
    },
    offer: async (direction) => {
      offered = direction
      return rules.offer(direction)
    },
    answer: async (offer, direction) => {
      const answer = rules.answer(offer, direction)
      asked = direction
      apply()
      return answer
    },
    accept: async (answer) => {
      rules.accept(answer)
      asked = offered
      apply()
    },
    rollBack: () => rules.rollBack(),
    onFailure: (listener) => leg.onFailure(listener),
    close: () => leg.close(),
  }
}
