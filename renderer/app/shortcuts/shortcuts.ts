/** Keyboard shortcuts: one table of what there is, and a hook for whoever does it. */
import { useEffect, useRef } from 'react'

/** Each with the key that it listens to, as KeyboardEvent.key has it. */
export const shortcuts = {
  search: '/',
  goTo: 'g',
  measure: 'd',
  layers: 'l',
  centre: 'f',
  home: 'h',
  help: '?',
} as const
export type Shortcut = keyof typeof shortcuts

/** As the key is written on keyboards. */
export const keyName = (shortcut: Shortcut): string => shortcuts[shortcut].toUpperCase()

/** Runs `act` when the key is pressed with no modifier but shift, and nobody is typing. */
export function useShortcut(shortcut: Shortcut, act: () => void): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isTyping(event)) return
      if (event.key.toLowerCase() !== shortcuts[shortcut]) return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [shortcut])
}

/** Inputs in which letters mean nothing. */
const notTyped = /^(radio|checkbox|button|range|submit)$/

function isTyping({ target }: KeyboardEvent): boolean {
  if (target instanceof HTMLInputElement) return !notTyped.test(target.type)
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName))
  )
}
