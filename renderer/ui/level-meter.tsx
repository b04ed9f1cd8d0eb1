/** Shows how loud something is. React is not asked for each of its changes. */
import { useEffect, useRef } from 'react'

/** Speech seldom goes beyond. */
const LOUD = 0.3

interface LevelMeterProps {
  readonly label: string
  readonly className?: string | undefined
  /** Root mean square, 0 to 1. */
  level(): number
}

export function LevelMeter({ label, className, level }: LevelMeterProps) {
  const meter = useRef<HTMLMeterElement>(null)
  const now = useRef(level)
  now.current = level
  useEffect(() => {
    let beat = 0
    const show = () => {
      if (meter.current !== null) meter.current.value = now.current()
      beat = requestAnimationFrame(show)
    }
    show()
    return () => cancelAnimationFrame(beat)
  }, [])
  return <meter ref={meter} className={className} max={LOUD} aria-label={label} title={label} />
}
