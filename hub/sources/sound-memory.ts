/** Whether a camera is asked for sound: it may have none, or promise some that never comes, which its picture waits for. */
import type { Instant } from '../../contract/primitives.ts'
import type { SourceFault } from '../../contract/sources.ts'

/** A camera that has no sound is not asked for any for so long: each time it is, it has to be begun with twice. */
const SOUNDLESS_FOR_MS = 3_600_000

export interface SoundMemory {
  /** Whether the attempt that begins now asks for it. */
  wanted(now: Instant): boolean
  /** It has said that it has none. */
  none(now: Instant): void
  /** The attempt has brought a picture. */
  came(now: Instant): void
  /** The attempt has brought none, and why. */
  failed(fault: SourceFault): void
}

export function openSoundMemory(): SoundMemory {
  let soundlessUntil = Number.NEGATIVE_INFINITY
  /** Nothing came while it was asked for sound: the next attempt shows whether that was why. */
  let isSuspect = false
  let asked = false
  return {
    wanted: (now) => {
      asked = now >= soundlessUntil && !isSuspect
      return asked
    },
    none: (now) => {
      soundlessUntil = now + SOUNDLESS_FOR_MS
    },
    came: (now) => {
      if (isSuspect) soundlessUntil = now + SOUNDLESS_FOR_MS
      isSuspect = false
    },
    failed: (fault) => {
      isSuspect = asked && fault === 'silent'
    },
  }
}
