/** Where a day is chosen. */
import styles from './day-field.module.css'

interface DayFieldProps {
  readonly words: string
  /** `2026-11-20`, or '' for any. */
  readonly day: string
  onChange(day: string): void
}

export function DayField({ words, day, onChange }: DayFieldProps) {
  return (
    <input
      type="date"
      className={styles.day}
      aria-label={words}
      title={words}
      value={day}
      onChange={({ target }) => onChange(target.value)}
    />
  )
}
