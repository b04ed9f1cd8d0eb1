/** The officer's ears and mouth at the telephone: a bridge for each call between its leg and one to the page. */
import type { CallQuality } from '../../../contract/telephony.ts'
import { Bridge } from '../media/bridge.ts'
import { isDigit } from '../media/dtmf.ts'
import type { Leg } from '../media/leg.ts'
import type { VoiceSession } from '../media/session.ts'
import type { CallVoice } from './call-voice.ts'
import type { Headset } from './headset.ts'

/** A leg to the page: what is sent to it is heard there, what comes from it is the microphone. */
export interface ConsoleLeg extends Leg {
  close(): void
}

export interface DeskOptions {
  openConsoleLeg(): ConsoleLeg
  /** Milliseconds, never going back: the clock of the legs. */
  readonly clock?: () => number
}

export const openDesk = ({
  openConsoleLeg,
  clock = () => performance.now(),
}: DeskOptions): Headset<CallVoice> => ({
  join: (media) => {
    const joinedAt = clock()
    const bridge = new Bridge()
    const page = openConsoleLeg()
    const officer = bridge.add(page)
    officer.muted = true
    let session: VoiceSession | undefined
    let left = false
    media.opened.then(
      (opened) => {
        if (left) return
        session = opened
        bridge.add(opened.leg)
      },
      // The dialogue fails by it too, and tells.
      () => undefined,
    )
    return {
      setOpen: (open) => {
        officer.muted = !open
      },
      sendDtmf: (digits) => {
        session?.leg.sendDigits([...digits].filter(isDigit))
      },
      quality: () => (session === undefined ? null : qualityOf(session)),
      silentMs: () => clock() - (session?.leg.statistics.lastPacketAt ?? joinedAt),
      leave: () => {
        left = true
        bridge.close()
        page.close()
      },
    }
  },
})

function qualityOf({ leg }: VoiceSession): CallQuality | null {
  const { packetsReceived, lossShare, jitter, opinionScore } = leg.statistics
  return packetsReceived === 0 ? null : { loss: lossShare, jitterMs: jitter, mos: opinionScore }
}
