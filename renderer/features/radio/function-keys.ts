/** Which function key talks on which channel. Pure. */
import type { Id } from '../../../contract/primitives.ts'
import { type FunctionKey, functionKeys, type PushToTalk } from '../../../contract/radio-settings.ts'

/**
 * The officer's choice first, then the other channels in their order on the keys that are left. `channels`: all that
 * there are, heard or not, so that no key moves when one is switched off.
 */
export function keysOf(
  channels: readonly Id[],
  chosen: PushToTalk['functionKeys'],
): ReadonlyMap<FunctionKey, Id> {
  const own = functionKeys.flatMap((key) => {
    const channel = chosen[key]
    return channel !== undefined && channels.includes(channel) ? [[key, channel] as const] : []
  })
  const taken = new Map(own)
  const others = channels.filter((id) => !own.some(([, channel]) => channel === id))
  const free = functionKeys.filter((key) => !taken.has(key))
  return new Map([
    ...own,
    ...free.flatMap((key, at) => (others[at] === undefined ? [] : [[key, others[at]] as const])),
  ])
}

export const keyOfChannel = (keys: ReadonlyMap<FunctionKey, Id>, channel: Id): FunctionKey | undefined =>
  [...keys].find(([, id]) => id === channel)?.[0]
