/** A button that talks while it is pressed: by mouse, touch, pen, or Enter. The space bar is the page's. */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect } from 'react'
import type { Id } from '../../../contract/primitives.ts'
import { useApp } from '../../app/store.ts'
import { endKey, pressKey, releaseKey } from './talk.ts'

interface PushToTalkProps {
  /** What its key is called. */
  readonly name: string
  readonly channels: readonly Id[]
  readonly className: string | undefined
  /** What it is for, with what it says; undefined: it says so itself. */
  readonly label?: string
  readonly title: string
  readonly children: ReactNode
}

export function PushToTalk({ name, channels, className, label, title, children }: PushToTalkProps) {
  const down = useApp(({ radio }) => name in radio.held)
  const release = () => releaseKey(name)
  // A button that goes is not told that the finger has left it.
  useEffect(() => () => endKey(name), [name])
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return
    // It comes up here, wherever the pointer has gone meanwhile.
    event.currentTarget.setPointerCapture(event.pointerId)
    pressKey(name, channels)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    if (!event.repeat) pressKey(name, channels)
  }
  const onKeyUp = (event: KeyboardEvent) => {
    if (event.key === 'Enter') release()
  }
  return (
    <button
      type="button"
      className={className}
      aria-label={label}
      aria-pressed={down}
      title={title}
      // One that is disabled would not be told either.
      aria-disabled={channels.length === 0}
      onPointerDown={onPointerDown}
      onPointerUp={release}
      onPointerCancel={release}
      onLostPointerCapture={release}
      onKeyDown={onKeyDown}
      onKeyUp={onKeyUp}
      onBlur={release}
      onContextMenu={(event) => event.preventDefault()}
    >
      {children}
    </button>
  )
}
