/** The patches that seats hold, by channel. */
import type { ChannelPatch } from '../../contract/floor-service.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import type { Patch } from '../../contract/seat-radio.ts'

/** As far as others are told of it: of calls only how many there are. */
export interface HeldPatch {
  readonly id: string
  readonly since: Instant
  readonly channels: readonly Id[]
  readonly ends: number
}

export const heldPatch = ({ id, since, ends }: Patch): HeldPatch => ({
  id,
  since,
  channels: [...new Set(ends.flatMap((end) => (end.kind === 'channel' ? [end.channel] : [])))],
  ends: ends.length,
})

export class PatchBoard {
  readonly #byHolder = new Map<string, readonly HeldPatch[]>()

  /** All that this one holds now. Gives the channels that are concerned. */
  set(holder: string, patches: readonly HeldPatch[]): Set<Id> {
    const before = this.#byHolder.get(holder) ?? []
    if (patches.length === 0) this.#byHolder.delete(holder)
    else this.#byHolder.set(holder, patches)
    return new Set([...before, ...patches].flatMap(({ channels }) => channels))
  }

  of(holder: string): readonly HeldPatch[] {
    return this.#byHolder.get(holder) ?? []
  }

  channels(): Set<Id> {
    return new Set([...this.#byHolder.values()].flat().flatMap(({ channels }) => channels))
  }

  /** Those that join this channel to others, with who holds each. */
  on(channel: Id): { readonly holder: string; readonly patch: Omit<ChannelPatch, 'by'> }[] {
    return [...this.#byHolder].flatMap(([holder, patches]) =>
      patches
        .filter(({ channels }) => channels.includes(channel))
        .map(({ id, since, ends }) => ({ holder, patch: { id, since, ends } })),
    )
  }
}
