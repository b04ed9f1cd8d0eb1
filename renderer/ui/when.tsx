/** A time of day; with the day, if it was not today. */
import { currentLanguage } from '../app/i18n/index.ts'

export function When({ at }: { at: number }) {
  const then = new Date(at)
  const isToday = then.toDateString() === new Date().toDateString()
  const locale = currentLanguage() === 'zh' ? 'zh-CN' : 'en-GB'
  const day = isToday ? '' : `${then.toLocaleDateString(locale, { month: '2-digit', day: '2-digit' })} `
  return (
    <time dateTime={then.toISOString()} title={then.toLocaleString(locale)}>
      {day}
      {then.toLocaleTimeString('en-GB')}
    </time>
  )
}
