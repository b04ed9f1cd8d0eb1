/** The voice between seats: a protected stream from engine to engine, described through the hub. */
import { Refusal } from '../../../contract/refusal.ts'
import { parseSdp } from '../media/sdp.ts'
import { openMediaSession } from '../media/session.ts'
import type { SeatVoice } from '../supervision/seat-voice.ts'
import { CallVoice } from './call-voice.ts'
import type { Desk } from './desk.ts'
import { Guest } from './guest.ts'
import { addressTowards } from './locate.ts'
import type { Switchboard } from './telephone.ts'

/** Nothing is sent there: it only decides by which of its addresses this machine is reached (RFC 863). */
const DISCARD_PORT = 9

const openVoiceTowards = async (host: string) =>
  openMediaSession({ host: await addressTowards({ host, port: DISCARD_PORT }), secure: 'sdes' })

export const openSeatVoice = (desk: Desk, board: Pick<Switchboard, 'passOn' | 'expect'>): SeatVoice => ({
  admit: async ({ call, offer, mode }, onCallOver) => {
    const [host] = parseSdp(offer).flatMap(({ address }) => (address === undefined ? [] : [address]))
    if (host === undefined) throw new Refusal('invalid', { why: 'the offer has no address' })
    const session = await openVoiceTowards(host)
    const guest = new Guest(session.leg, mode, () => {
      void session.close()
      onCallOver()
    })
    try {
      const answer = await session.answer(offer, 'sendrecv')
      if (!desk.admit(call, guest)) throw new Refusal('call-over')
      return {
        answer,
        setMode: (next) => guest.setMode(next),
        leave: () => {
          guest.leave()
          void session.close()
        },
      }
    } catch (error) {
      await session.close()
      throw error
    }
  },
  reachOut: async (name, host) => {
    const voice = new CallVoice(openVoiceTowards(host))
    const offer = await voice.offer('sendrecv')
    const place = desk.join(name, voice)
    return {
      offer,
      accept: (answer) => voice.accept(answer),
      setOpen: (open) => place.setOpen(open),
      silentMs: () => place.silentMs(),
      close: () => {
        place.leave()
        void voice.close()
      },
    }
  },
  passOn: (call, number) => board.passOn(call, number),
  expect: async (number) => board.expect(number),
})
