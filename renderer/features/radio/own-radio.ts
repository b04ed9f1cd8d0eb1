/** What an officer sets for the own ears, and how one act changes it. Pure. */
import type { Id } from '../../../contract/primitives.ts'
import type { ChannelGroup, OfficersRadio } from '../../../contract/radio-settings.ts'

export const toggled = (list: readonly Id[], id: Id): Id[] =>
  list.includes(id) ? list.filter((other) => other !== id) : [...list, id]

/** The one and only, or besides those that are selected already; a second time it is taken back. */
export function selectedAfter(selected: readonly Id[], id: Id, besides: boolean): Id[] {
  if (besides) return toggled(selected, id)
  return selected.length === 1 && selected[0] === id ? [] : [id]
}

/** A channel that is not listened to is not talked on either. */
export const unheard = (own: OfficersRadio, id: Id): Pick<OfficersRadio, 'unmonitored' | 'selected'> => ({
  unmonitored: [...own.unmonitored.filter((other) => other !== id), id],
  selected: own.selected.filter((other) => other !== id),
})

/** All of a group selected, and listened to. */
export const takenUp = (
  own: OfficersRadio,
  { channels }: ChannelGroup,
): Pick<OfficersRadio, 'unmonitored' | 'selected'> => ({
  unmonitored: own.unmonitored.filter((id) => !channels.includes(id)),
  selected: [...channels],
})
