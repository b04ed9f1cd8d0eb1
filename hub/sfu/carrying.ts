/** A track in another place than the one it is sent to. */
import type { Producer } from 'mediasoup/types'
import type { Place } from './sfu.ts'

const carried = new WeakMap<Producer, Map<Place, Promise<Producer>>>()

/** What `producer`, sent to `from`, is in `to`. It is carried there once, however many ask, and ends with it. */
export function carry(producer: Producer, from: Place, to: Place): Promise<Producer> {
  if (from === to) return Promise.resolve(producer)
  const places = carried.get(producer) ?? new Map<Place, Promise<Producer>>()
  carried.set(producer, places)
  const known = places.get(to)
  if (known !== undefined) return known
  const carrying = pipe(producer, from, to)
  places.set(to, carrying)
  carrying.catch(() => places.delete(to))
  to.gone.addEventListener('abort', () => places.delete(to), { once: true })
  return carrying
}

async function pipe(producer: Producer, from: Place, to: Place): Promise<Producer> {
  // Two places may be on one worker, where an id can be given once only.
  const { pipeProducer } = await from.router.pipeToRouter({
    producerId: producer.id,
    router: to.router,
    keepId: false,
    enableRtx: true,
  })
  if (pipeProducer === undefined) throw new Error('nothing came out of the pipe')
  return pipeProducer
}
