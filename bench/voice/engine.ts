/** The engine's voice in a process of its own, so that its cost can be told from the others'. */
import type { SoundAnswer, SoundOffer } from '../../contract/seat-sound.ts'
import { Bridge } from '../../main/engine/media/bridge.ts'
import { Loopback } from '../../main/engine/media/loopback.ts'
import { openMediaSession } from '../../main/engine/media/session.ts'

export type Order =
  /** A telephone that offers this; its leg to the page has this name, and the microphone if it is to be open. */
  | { readonly kind: 'call'; readonly name: string; readonly offer: string; readonly open: boolean }
  | { readonly kind: 'page' }
  | { readonly kind: 'answer'; readonly answer: SoundAnswer }

export type Report =
  | { readonly kind: 'called'; readonly name: string; readonly answer: string }
  | { readonly kind: 'offer'; readonly offer: SoundOffer }
  | { readonly kind: 'connected' }

const report = (what: Report) => process.send?.(what)
const loopback = new Loopback({
  onOffer: (offer) => report({ kind: 'offer', offer }),
  onState: (state) => state === 'connected' && report({ kind: 'connected' }),
  onTrouble: (error) => {
    throw error
  },
})

process.on('message', async (order: Order) => {
  if (order.kind === 'page') loopback.connect()
  else if (order.kind === 'answer') await loopback.takeAnswer(order.answer)
  else {
    const session = await openMediaSession({ host: '127.0.0.1' })
    const answer = await session.answer(order.offer, 'sendrecv')
    const leg = loopback.open(order.name)
    leg.open = order.open
    const bridge = new Bridge()
    bridge.add(session.leg)
    bridge.add(leg)
    report({ kind: 'called', name: order.name, answer })
  }
})
