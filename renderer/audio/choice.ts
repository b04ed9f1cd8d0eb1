/** Which device serves, and what the officer is told when that changes by itself. Pure. */
import type { AudioDevice, AudioRole } from '../../contract/settings.ts'

/** Ids that stand for another device, whichever the system prefers just now. */
export const SYSTEM_DEFAULT = 'default'
const aliases = [SYSTEM_DEFAULT, 'communications']
const isReal = ({ id }: AudioDevice): boolean => !aliases.includes(id)

/**
 * All that are there, best first: the chosen one, known by its id or else by its label, then the system's
 * default, then the others. `present`: those of the kind, in the system's order.
 */
export function inOrder(chosen: AudioDevice | null, present: readonly AudioDevice[]): readonly AudioDevice[] {
  const own = chosen === null ? undefined : asChosen(chosen, present)
  const standard = present.find(({ id }) => id === SYSTEM_DEFAULT)
  const preferred = [own, standard].filter((device) => device !== undefined)
  return [...new Set([...preferred, ...present.filter(isReal)])]
}

/** The chosen device as it is there now. */
export const asChosen = (
  { id, label }: AudioDevice,
  present: readonly AudioDevice[],
): AudioDevice | undefined =>
  present.find((device) => device.id === id) ??
  present.find((device) => isReal(device) && label !== '' && device.label === label)

/** What serves in a role; null: nothing. */
export type InUse = {
  readonly label: string
  /** The label of the chosen device that it stands in for. */
  readonly instead: string | null
} | null

export function inUse(
  chosen: AudioDevice | null,
  device: AudioDevice | undefined,
  present: readonly AudioDevice[],
): InUse {
  if (device === undefined) return null
  const own = chosen === null ? device : asChosen(chosen, present)
  return { label: device.label, instead: own?.id === device.id ? null : (chosen?.label ?? null) }
}

export type SoundRole = AudioRole | 'microphone'

export interface SoundNews {
  readonly role: SoundRole
  /** `back`: the chosen one serves again, or there is one again at all. */
  readonly kind: 'gone' | 'instead' | 'back'
  readonly was: string
  readonly now: string
}

/** What is worth saying of a change that nobody at this seat asked for. */
export function newsOf(role: SoundRole, before: InUse | undefined, after: InUse): SoundNews | undefined {
  // A label that was not known yet is no news either.
  if (before === undefined || before?.label === '' || before?.label === after?.label) return undefined
  const [was, now] = [before?.label ?? '', after?.label ?? '']
  if (after === null) return { role, kind: 'gone', was, now }
  const isBack = before === null || (before.instead !== null && after.instead === null)
  return { role, kind: isBack ? 'back' : 'instead', was, now }
}
