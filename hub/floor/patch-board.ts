/** The patches that seats hold, by channel. Pure but for what it holds. */
import type { ChannelPatch } from '../../contract/floor-service.ts'
import type { Id } from '../../contract/primitives.ts'
import type { Patch } from '../../contract/seat-radio.ts'

export class PatchBoard {
  readonly #byHolder = new Map<string, readonly Patch[]>()

  /** All that this one holds now. Gives the channels that are concerned. */
  set(holder: string, patches: readonly Patch[]): Set<Id> {
    const before = this.#byHolder.get(holder) ?? []
    if (patches.length === 0) this.#byHolder.delete(holder)
    else this.#byHolder.set(holder, patches)
    return new Set([...before, ...patches].flatMap(channelsOf))
  }

  channels(): Set<Id> {
    return new Set([...this.#byHolder.values()].flat().flatMap(channelsOf))
  }

  /** Those that join this channel to others, with who holds each. */
  on(channel: Id): { readonly holder: string; readonly patch: Omit<ChannelPatch, 'by'> }[] {
    return [...this.#byHolder].flatMap(([holder, patches]) =>
      patches
        .filter((patch) => channelsOf(patch).includes(channel))
        .map(({ id, since, ends }) => ({ holder, patch: { id, since, ends: ends.length } })),
    )
  }
}

const channelsOf = ({ ends }: Patch): Id[] =>
  ends.flatMap((end) => (end.kind === 'channel' ? [end.channel] : []))
