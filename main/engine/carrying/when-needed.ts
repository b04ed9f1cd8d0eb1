/** Carrying calls and channels into rooms, loaded when something is carried: most seats never do. */
import type { VideoPort } from '../../../contract/seat-video.ts'
import type { CarryingOptions, SeatCarrying } from './carrying.ts'

export function carryingWhenNeeded(
  options: CarryingOptions,
): Pick<VideoPort['rooms'], 'carry' | 'stopCarrying'> {
  let loading: Promise<SeatCarrying> | undefined
  const load = async () => (await import('./carrying.ts')).openCarrying(options)
  return {
    carry: async ({ room, what }) => {
      loading ??= load()
      await (await loading).carry(room, what)
    },
    stopCarrying: async () => {
      // Nothing was carried yet.
      if (loading !== undefined) (await loading).stop()
    },
  }
}
