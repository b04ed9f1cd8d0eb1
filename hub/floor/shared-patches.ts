/** Patches that seats of other hubs hold: each hub tells of its own when they change, and again and again. */
import { randomUUID } from 'node:crypto'
import type { Id } from '../../contract/primitives.ts'
import type { HubBus } from '../store/bus.ts'
import { type BenchMessage, readBenchMessage } from './bench-messages.ts'
import type { HeldPatch, PatchBoard } from './patch-board.ts'

const TELL_EVERY_MS = 5_000
/** What a hub does not tell of any more is over, as the hub is. */
const OVER_AFTER_MS = 12_000

export interface SharedPatches {
  /** A seat of this hub holds these now. */
  tell(holder: string, patches: readonly HeldPatch[]): void
  close(): void
}

export interface SharedPatchesOptions {
  readonly board: PatchBoard
  readonly bus: HubBus
  readonly clock: () => number
  /** Others hold other patches on these channels than before. */
  onChange(channels: Iterable<Id>): void
}

export function sharePatches({ board, bus, clock, onChange }: SharedPatchesOptions): SharedPatches {
  const hub = randomUUID()
  const own = new Set<string>()
  const heardAt = new Map<string, number>()

  const say = (holder: string) => {
    const message: BenchMessage = { kind: 'patches', hub, holder, patches: heldOf(board, holder) }
    bus.say(JSON.stringify(message))
  }
  const stop = bus.onMessage((text) => {
    const message = readBenchMessage(text)
    if (message?.kind !== 'patches' || message.hub === hub) return
    const { holder, patches } = message
    if (patches.length === 0) heardAt.delete(holder)
    else heardAt.set(holder, clock())
    onChange(board.set(holder, patches))
  })
  const telling = setInterval(() => {
    for (const holder of own) say(holder)
    const now = clock()
    for (const [holder, at] of heardAt) {
      if (now - at < OVER_AFTER_MS) continue
      heardAt.delete(holder)
      onChange(board.set(holder, []))
    }
  }, TELL_EVERY_MS)

  return {
    tell: (holder, patches) => {
      if (patches.length === 0 && !own.has(holder)) return
      if (patches.length === 0) own.delete(holder)
      else own.add(holder)
      say(holder)
    },
    close: () => {
      stop()
      clearInterval(telling)
    },
  }
}

const heldOf = (board: PatchBoard, holder: string) =>
  board.of(holder).map((patch) => ({ ...patch, channels: [...patch.channels] }))
