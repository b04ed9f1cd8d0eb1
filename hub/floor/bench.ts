/** Where the floors of all channels are kept: in this hub if it is alone, or in the first of several. */
import type { FloorEvent, FloorNotice, FloorPolicy, Turn } from '../../contract/floor.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Watched } from '../../contract/watched.ts'
import { type Arbiter, openArbiter } from './arbiter.ts'

/** Who talks. */
export interface Held {
  readonly turn: Turn
  readonly since: Instant
}

export interface FloorBench {
  /** Whether the floor can be asked for here. Each time that it becomes so nobody has it. */
  readonly here: Watched<boolean>
  held(channel: Id): Held | undefined
  /** Those on which somebody talks. */
  channels(): Id[]
  send(channel: Id, event: FloorEvent): void
  /** The rules of channels may be others now. */
  look(): void
  close(): void
}

export interface BenchOptions {
  readonly clock: () => Instant
  policyOf(channel: Id): FloorPolicy
  /** Another talks, or somebody is told something; nobody of this hub may be among them. */
  onStep(channel: Id, notices: readonly FloorNotice[]): void
}

export function ownBench(options: BenchOptions): FloorBench {
  const arbiter = openArbiter(options)
  return {
    here: new Watched(true),
    held: (channel) => heldAt(arbiter, channel),
    channels: () => arbiter.channels().filter((channel) => heldAt(arbiter, channel) !== undefined),
    send: arbiter.send,
    look: () => lookAt(arbiter),
    close: arbiter.clear,
  }
}

export function heldAt(arbiter: Arbiter, channel: Id): Held | undefined {
  const { holding } = arbiter.floor(channel)
  return holding.kind === 'taken' ? { turn: holding.turn, since: holding.since } : undefined
}

export function lookAt(arbiter: Arbiter): void {
  for (const channel of arbiter.channels()) arbiter.send(channel, { kind: 'ticked' })
}
