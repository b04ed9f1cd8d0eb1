/** Ages and times as people read them. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** The age in words: seconds up to two minutes, then minutes, hours, days. */
export function useAge(): (ms: number) => string {
  const { t } = useTranslation()
  return (ms) => {
    const seconds = Math.max(0, Math.floor(ms / 1000))
    if (seconds < 120) return t('age.seconds', { n: seconds })
    if (seconds < 7200) return t('age.minutes', { n: Math.floor(seconds / 60) })
    if (seconds < 172_800) return t('age.hours', { n: Math.floor(seconds / 3600) })
    return t('age.days', { n: Math.floor(seconds / 86_400) })
  }
}

/** The time, anew every `every` ms, on the beat. */
export function useNow(every = 1000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    let timer: number
    const beat = () => {
      setNow(Date.now())
      timer = window.setTimeout(beat, every - (Date.now() % every))
    }
    timer = window.setTimeout(beat, every - (Date.now() % every))
    return () => window.clearTimeout(timer)
  }, [every])
  return now
}
