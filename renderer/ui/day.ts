/** Days as date fields say them. */
import type { Instant } from '../../contract/primitives.ts'

/** The local day that a date field says, `2026-11-20`: its first instant, or the first after it. */
export function startOfDay(day: string, daysLater = 0): Instant | null {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? []
  const instant = new Date(Number(year), Number(month) - 1, Number(date) + daysLater).getTime()
  return Number.isNaN(instant) || instant < 0 ? null : instant
}
