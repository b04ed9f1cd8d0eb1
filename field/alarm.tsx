/** Calls for help: held down for a moment, so that no pocket does it. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { FieldAct, FieldSubmission } from '../contract/field.ts'
import type { Instant } from '../contract/primitives.ts'
import { type Language, texts } from './texts.ts'

const HOLD_MS = 1_000

interface AlarmProps {
  /** Null: the unit has not called, or somebody has acknowledged it. */
  readonly since: Instant | null
  readonly waiting: readonly FieldSubmission[]
  readonly language: Language
  onSay(act: FieldAct): void
}

export function Alarm({ since, waiting, language, onSay }: AlarmProps) {
  const t = texts[language]
  const [held, setHeld] = useState(false)
  const [acknowledged, setAcknowledged] = useState(false)
  const timer = useRef<number>(undefined)
  const was = useRef(since)
  useEffect(() => {
    if (was.current !== null && since === null) setAcknowledged(true)
    if (since !== null) setAcknowledged(false)
    was.current = since
  }, [since])
  useEffect(() => () => window.clearTimeout(timer.current), [])
  const onTheWay = waiting.some(({ act }) => act.kind === 'alarm')
  const stands = since !== null || onTheWay
  const press = () => {
    if (stands || held) return
    setHeld(true)
    timer.current = window.setTimeout(() => {
      setHeld(false)
      onSay({ kind: 'alarm', id: crypto.randomUUID(), at: Date.now() })
      navigator.vibrate?.(300)
    }, HOLD_MS)
  }
  const release = () => {
    window.clearTimeout(timer.current)
    setHeld(false)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    if (!event.repeat) press()
  }
  return (
    <section className="alarm" aria-label={t.alarm.call}>
      <button
        type="button"
        data-held={held || undefined}
        aria-disabled={stands}
        onPointerDown={(event) => {
          // It comes up here, wherever the finger has gone meanwhile.
          event.currentTarget.setPointerCapture(event.pointerId)
          press()
        }}
        onPointerUp={release}
        onPointerCancel={release}
        onLostPointerCapture={release}
        onBlur={release}
        onKeyDown={onKeyDown}
        onKeyUp={release}
        onContextMenu={(event) => event.preventDefault()}
      >
        {held ? t.alarm.keep : t.alarm.call}
      </button>
      <p role="status">
        {since !== null
          ? t.alarm.called
          : onTheWay
            ? t.alarm.onTheWay
            : acknowledged
              ? t.alarm.acknowledged
              : t.alarm.hint}
      </p>
    </section>
  )
}
