/** A meter that moves with every frame. React is not asked for each of its changes. */
import { useEffect, useRef } from 'react'

/** Root mean square: speech seldom goes beyond. */
export const SPEECH = 0.3

interface LiveMeterProps {
  read(): number
  readonly min?: number
  readonly max: number
  readonly label: string
  readonly className?: string | undefined
}

export function LiveMeter({ read, min = 0, max, label, className }: LiveMeterProps) {
  const meter = useRef<HTMLMeterElement>(null)
  const latest = useRef(read)
  latest.current = read
  useEffect(() => {
    let beat = 0
    const show = () => {
      if (meter.current !== null) meter.current.value = latest.current()
      beat = requestAnimationFrame(show)
    }
    show()
    return () => cancelAnimationFrame(beat)
  }, [])
  return <meter ref={meter} className={className} min={min} max={max} aria-label={label} title={label} />
}
