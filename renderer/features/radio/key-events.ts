/** What keys of the keyboard mean for talking, wherever the focus is. Pure. */
import type { Id } from '../../../contract/primitives.ts'
import { takesText } from '../../ui/typing.ts'

/** As KeyboardEvent has it. The physical key: an input method does not change it. */
export interface Stroke {
  readonly code: string
  readonly repeat: boolean
  readonly modified: boolean
}

/**
 * What has the focus. `text`: what is typed goes there. `own-space`: it was reached with the keyboard, and only the
 * space bar works it, as a box to tick. All else is pressed with Enter as well.
 */
export type Focus = 'text' | 'own-space' | 'other'

/** Whom a key talks to; undefined: it is no key to talk with. */
export type Bindings = (code: string) => readonly Id[] | undefined

export type Meaning =
  | { readonly kind: 'none' }
  | { readonly kind: 'press'; readonly channels: readonly Id[] }
  /** Ours, and nothing new: nobody else is to see it. */
  | { readonly kind: 'swallow' }

const none: Meaning = { kind: 'none' }

/** `held`: this key is down and talks. */
export function meaningOfDown(stroke: Stroke, focus: Focus, held: boolean, bindings: Bindings): Meaning {
  // A key that talks stays ours until it comes up, wherever the focus goes meanwhile.
  if (held && stroke.repeat) return { kind: 'swallow' }
  const channels = stroke.modified ? undefined : bindings(stroke.code)
  if (channels === undefined) return none
  if (stroke.code === 'Space' && focus !== 'other') return none
  return stroke.repeat ? { kind: 'swallow' } : { kind: 'press', channels }
}

const onlySpace = 'input[type="checkbox"], input[type="radio"], [role="checkbox"], [role="radio"], select'

/** What an element with the focus takes. */
export function focusOf(element: Element | null): Focus {
  if (takesText(element)) return 'text'
  return element?.matches(`:focus-visible:is(${onlySpace})`) === true ? 'own-space' : 'other'
}
