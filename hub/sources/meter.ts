/** What comes of a picture: how much, when the last key frame was, and that nothing comes any more. */
import type { Producer } from 'mediasoup/types'
import type { Instant } from '../../contract/primitives.ts'

const LOOK_EVERY_MS = 1_000
/** So many looks in a row without a byte, and it counts as silent. */
const SILENT_LOOKS = 5

export interface Meter {
  /** Bit/s over the last second; null before anything is known. */
  readonly bitrate: number | null
  readonly keyFrameAt: Instant | null
  close(): void
}

export interface MeterOptions {
  readonly clock: () => Instant
  /** A picture has come that one can begin with: each time. */
  onKeyFrame(): void
  onSilent(): void
  /** Somebody waits for one: each time. */
  onWanted?(): void
  /** Looked at anew. */
  onLook(): void
}

export async function openMeter(
  producer: Producer,
  { clock, onKeyFrame, onSilent, onWanted, onLook }: MeterOptions,
): Promise<Meter> {
  let bitrate: number | null = null
  let keyFrameAt: Instant | null = null
  let bytes = 0
  let quiet = 0
  producer.on('trace', ({ type }) => {
    if (type === 'pli') onWanted?.()
    if (type !== 'keyframe') return
    keyFrameAt = clock()
    onKeyFrame()
  })
  await producer.enableTraceEvent(onWanted === undefined ? ['keyframe'] : ['keyframe', 'pli'])
  const look = async () => {
    const stats = await producer.getStats()
    const now = stats.reduce((sum, { byteCount }) => sum + byteCount, 0)
    bitrate = ((now - bytes) * 8_000) / LOOK_EVERY_MS
    quiet = now === bytes ? quiet + 1 : 0
    bytes = now
    onLook()
    if (quiet === SILENT_LOOKS) onSilent()
  }
  const looking = setInterval(() => {
    // A producer that is gone has nothing to say.
    look().catch(() => clearInterval(looking))
  }, LOOK_EVERY_MS)
  producer.observer.once('close', () => clearInterval(looking))
  return {
    get bitrate() {
      return bitrate
    },
    get keyFrameAt() {
      return keyFrameAt
    },
    close: () => clearInterval(looking),
  }
}
