/**
 * A camera that the hub pulls: begun by the first who watches, one pull however many do, ended a while after the last
 * one has gone. One that fails is tried again while somebody waits.
 */
import type { Producer } from 'mediasoup/types'
import type { Instant } from '../../contract/primitives.ts'
import type { SourceFault, SourceState } from '../../contract/sources.ts'
import type { Sfu } from '../sfu/sfu.ts'
import type { CameraLogin } from './ffmpeg.ts'
import type { Coming, Intake } from './intake.ts'
import { type Meter, openMeter } from './meter.ts'
import { nextPhase, type PullEvent, type PullPhase, waitAfter } from './pull-rules.ts'
import { type Pulling, pullRtsp } from './rtsp.ts'
import type { ShownTrack } from './showing.ts'
import { openSoundMemory } from './sound-memory.ts'

const LINGER_MS = 30_000
/** A camera that shows nothing for so long is tried anew. */
const SHOWS_WITHIN_MS = 15_000

export interface PullOptions {
  readonly url: string
  readonly login: CameraLogin | undefined
  readonly sfu: Sfu
  readonly clock: () => Instant
  readonly chance: () => number
  readonly lingerMs?: number
  /** Asks the camera for a whole picture, soon: somebody waits for one. */
  askKeyFrame?(): void
  /** Anything of it is another than before. */
  onChange(): void
}

const stateOf: Readonly<Record<PullPhase, SourceState>> = {
  idle: 'idle',
  starting: 'starting',
  up: 'up',
  waiting: 'down',
}

export function openPull({
  url,
  login,
  sfu,
  clock,
  chance,
  lingerMs = LINGER_MS,
  askKeyFrame,
  onChange,
}: PullOptions): Intake {
  let phase: PullPhase = 'idle'
  let since = clock()
  let fault: SourceFault | null = null
  let failures = 0
  let holders = 0
  const memory = openSoundMemory()
  let coming: Coming | undefined
  let meter: Meter | undefined
  /** Ends the attempt that goes on. */
  let endAttempt: (() => void) | undefined
  let timer: NodeJS.Timeout | undefined
  let lingering: NodeJS.Timeout | undefined

  const apply = (event: PullEvent) => {
    const next = nextPhase(phase, event)
    if (next === phase) return
    phase = next
    since = clock()
    enter[next]()
    onChange()
  }

  const enter: Readonly<Record<PullPhase, () => void>> = {
    idle: () => {
      stop()
      failures = 0
      fault = null
    },
    starting: () => {
      stop()
      timer = setTimeout(fail, SHOWS_WITHIN_MS, 'silent')
      endAttempt = attempt()
    },
    up: () => {
      clearTimeout(timer)
      memory.came(clock())
      failures = 0
      fault = null
    },
    waiting: () => {
      stop()
      failures++
      timer = setTimeout(apply, waitAfter(failures, chance()), 'again')
    },
  }

  const stop = () => {
    clearTimeout(timer)
    endAttempt?.()
    endAttempt = undefined
    coming = undefined
    meter = undefined
  }

  const fail = (why: SourceFault) => {
    if (phase === 'starting') memory.failed(why)
    fault = why
    apply('failed')
  }

  /** Begins to pull. Returns its own undoing. */
  const attempt = (): (() => void) => {
    let over = false
    let pulling: Pulling | undefined
    let own: Meter | undefined
    const failNow = (why: SourceFault) => {
      if (!over) fail(why)
    }
    const end = () => {
      over = true
      own?.close()
      pulling?.close()
    }
    const begin = async () => {
      const place = await sfu.commonPlace()
      let sound: Producer | undefined
      const show = () => {
        if (over || meter === undefined || pulling === undefined) return
        const picture: ShownTrack = { track: 'camera', producer: pulling.picture }
        const tracks =
          sound === undefined ? [picture] : [picture, { track: 'microphone', producer: sound } as const]
        coming = { place, tracks }
        onChange()
      }
      pulling = await pullRtsp({
        url,
        login,
        place,
        withSound: memory.wanted(clock()),
        onSoundless: () => memory.none(clock()),
        onSound: (producer) => {
          sound = producer
          show()
        },
        onEnd: failNow,
      })
      if (over) return pulling.close()
      // Its worker may have died while the doors were opened.
      if (place.gone.aborted) return failNow('video-down')
      place.gone.addEventListener('abort', () => failNow('video-down'), { once: true })
      own = await openMeter(pulling.picture, {
        clock,
        onKeyFrame: () => {
          if (!over) apply('came')
        },
        onSilent: () => failNow('silent'),
        ...(askKeyFrame && { onWanted: askKeyFrame }),
        onLook: () => {
          if (!over) onChange()
        },
      })
      if (over) return own.close()
      meter = own
      // Whoever waits for it is ready before the first picture comes: the next one to begin with may be seconds away.
      show()
    }
    begin().catch(() => failNow('video-down'))
    return end
  }

  return {
    get status() {
      return {
        state: stateOf[phase],
        since,
        fault: phase === 'waiting' ? fault : null,
        bitrate: meter?.bitrate ?? null,
        keyFrameAt: meter?.keyFrameAt ?? null,
      }
    },
    get coming() {
      return coming
    },
    hold: () => {
      holders++
      clearTimeout(lingering)
      apply('wanted')
      let held = true
      return () => {
        if (!held) return
        held = false
        holders--
        if (holders === 0) lingering = setTimeout(apply, lingerMs, 'stopped')
      }
    },
    close: () => {
      clearTimeout(lingering)
      apply('stopped')
    },
  }
}
