/** A button that is down while it is pressed: by mouse, touch, pen, or Enter. The space bar is the page's. */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef } from 'react'

export interface HoldButtonProps {
  readonly className?: string | undefined
  /** What it is for, with what it says; undefined: it says so itself. */
  readonly label?: string | undefined
  readonly title: string
  readonly down: boolean
  readonly disabled: boolean
  press(): void
  release(): void
  /** The button is gone, whether it was down or not. */
  gone(): void
  readonly children: ReactNode
}

export function HoldButton({ className, label, title, down, disabled, children, ...acts }: HoldButtonProps) {
  const { press, release } = acts
  // A button that goes is not told that the finger has left it.
  const gone = useRef(acts.gone)
  gone.current = acts.gone
  useEffect(() => () => gone.current(), [])
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return
    // It comes up here, wherever the pointer has gone meanwhile.
    event.currentTarget.setPointerCapture(event.pointerId)
    press()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    if (!event.repeat) press()
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
      aria-disabled={disabled}
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
