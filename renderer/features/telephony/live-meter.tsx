/** A meter that moves with every frame. React is not asked for each of its changes. */
import { useEffect, useRef } from 'react'
import styles from './call-bar.module.css'

interface LiveMeterProps {
  read(): number
  readonly min?: number
  readonly max: number
  readonly label: string
}

export function LiveMeter({ read, min = 0, max, label }: LiveMeterProps) {
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
  return <meter ref={meter} className={styles.meter} min={min} max={max} aria-label={label} title={label} />
}
