/** The floors of all channels, each moved by what seats ask and by its own deadlines. In memory only. */
import {
  type Floor,
  type FloorEvent,
  type FloorNotice,
  type FloorPolicy,
  floorDeadline,
  holderOf,
  idleFloor,
  isQuiet,
  stepFloor,
} from '../../contract/floor.ts'
import type { Id, Instant } from '../../contract/primitives.ts'

const LOOK_AGAIN_MS = 1_000

export interface Arbiter {
  floor(channel: Id): Floor
  /** Those where somebody talks, waits or is heard, or a conversation is open. */
  channels(): Id[]
  send(channel: Id, event: FloorEvent): void
  /** Forgets all floors and tells nobody. */
  clear(): void
}

export interface ArbiterOptions {
  readonly clock: () => Instant
  policyOf(channel: Id): FloorPolicy
  /** Whether floors are kept here at this moment; if not, nothing moves. Always, if not given. */
  isKeeper?(): boolean
  /** After each event by which another talks, or of which somebody is told something. */
  onStep(channel: Id, notices: readonly FloorNotice[]): void
}

export function openArbiter({ clock, policyOf, isKeeper, onStep }: ArbiterOptions): Arbiter {
  const floors = new Map<Id, { readonly floor: Floor; readonly timer: NodeJS.Timeout | undefined }>()
  const floor = (channel: Id) => floors.get(channel)?.floor ?? idleFloor

  /** What ran out meanwhile is over as soon as floors are known to be kept here still. */
  const lookLater = (channel: Id) => {
    const known = floors.get(channel)
    if (known === undefined) return
    clearTimeout(known.timer)
    const timer = setTimeout(() => send(channel, { kind: 'ticked' }), LOOK_AGAIN_MS)
    floors.set(channel, { ...known, timer })
  }

  const send = (channel: Id, event: FloorEvent) => {
    if (isKeeper?.() === false) return lookLater(channel)
    const now = clock()
    const policy = policyOf(channel)
    const before = floor(channel)
    const { floor: after, notices } = stepFloor(before, event, now, policy)
    clearTimeout(floors.get(channel)?.timer)
    if (isQuiet(after)) floors.delete(channel)
    else {
      const deadline = floorDeadline(after, policy)
      const timer =
        deadline === undefined
          ? undefined
          : setTimeout(() => send(channel, { kind: 'ticked' }), Math.max(1, deadline - now))
      floors.set(channel, { floor: after, timer })
    }
    if (holderOf(after) !== holderOf(before) || notices.length > 0) onStep(channel, notices)
  }

  return {
    floor,
    channels: () => [...floors.keys()],
    send,
    clear: () => {
      for (const { timer } of floors.values()) clearTimeout(timer)
      floors.clear()
    },
  }
}
