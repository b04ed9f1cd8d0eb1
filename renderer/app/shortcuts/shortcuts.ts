/** Keyboard shortcuts: one table of what there is, and a hook for whoever does it. */
import { useEffect, useRef } from 'react'
import { takesText } from '../../ui/typing.ts'

/** Each with the key that it listens to, as KeyboardEvent.key has it. */
export const shortcuts = {
  search: '/',
  goTo: 'g',
  measure: 'd',
  select: 'a',
  layers: 'l',
  centre: 'f',
  home: 'h',
  call: 'c',
  radio: 'r',
  incident: 'i',
  task: 't',
  message: 'm',
  board: 'b',
  answer: 'enter',
  next: 'n',
  seats: 's',
  help: '?',
} as const
export type Shortcut = keyof typeof shortcuts

/** As the key is written on keyboards. */
export const keyName = (shortcut: Shortcut): string =>
  shortcuts[shortcut].length === 1 ? shortcuts[shortcut].toUpperCase() : (names[shortcuts[shortcut]] ?? '')

const names: Readonly<Record<string, string>> = { enter: 'Enter' }

/** Runs `act` when the key is pressed with no modifier but shift, and nobody is typing; not at all unless `on`. */
export function useShortcut(shortcut: Shortcut, act: () => void, on = true): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (!on) return
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isTyping(event)) return
      if (event.key.toLowerCase() !== shortcuts[shortcut]) return
      if (event.key === 'Enter' && event.target instanceof Element && event.target.closest(pressed)) return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [shortcut, on])
}

/** What Enter means something to already. */
const pressed =
  'a, button, [role="button"], [role="treeitem"], [role="menuitem"], [role="option"], [role="tab"]'

const isTyping = ({ target }: KeyboardEvent): boolean =>
  takesText(target) || target instanceof HTMLSelectElement
