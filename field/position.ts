/** Where the phone is, told to the hub as long as it is wanted. Without a link the newest waits, and older ones are left out. */
import type { FieldFix } from '../contract/field.ts'

/** More often tells nobody more, m and ms. */
const EVERY_MS = 4_000

export type PositionState = 'off' | 'looking' | 'known' | 'refused' | 'unavailable'

export interface PositionEars {
  fix(fix: FieldFix): void
  state(state: PositionState): void
}

/** Returns its own undoing. */
export function followPosition({ fix, state }: PositionEars): () => void {
  if (!('geolocation' in navigator)) {
    state('unavailable')
    return () => undefined
  }
  let toldAt = Number.NEGATIVE_INFINITY
  state('looking')
  const watch = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      state('known')
      if (timestamp - toldAt < EVERY_MS) return
      toldAt = timestamp
      fix({
        at: Math.round(timestamp),
        lat: coords.latitude,
        lon: coords.longitude,
        accuracy: coords.accuracy,
        ...(coords.speed !== null && { speed: coords.speed }),
        ...(coords.heading !== null && !Number.isNaN(coords.heading) && { heading: coords.heading }),
      })
    },
    ({ code, PERMISSION_DENIED }) => state(code === PERMISSION_DENIED ? 'refused' : 'unavailable'),
    { enableHighAccuracy: true, maximumAge: 2_000 },
  )
  return () => {
    navigator.geolocation.clearWatch(watch)
    state('off')
  }
}
