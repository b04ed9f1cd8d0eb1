/** Shows how loud it is what the officer hears. React is not asked for each of its changes. */
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { earLevel } from '../../audio/sound.ts'
import styles from './call-bar.module.css'

/** Speech seldom goes beyond. */
const LOUD = 0.3

export function EarMeter() {
  const { t } = useTranslation()
  const meter = useRef<HTMLMeterElement>(null)
  useEffect(() => {
    let beat = 0
    const show = () => {
      if (meter.current !== null) meter.current.value = earLevel()
      beat = requestAnimationFrame(show)
    }
    show()
    return () => cancelAnimationFrame(beat)
  }, [])
  return (
    <meter
      ref={meter}
      className={styles.meter}
      max={LOUD}
      aria-label={t('telephone.earLevel')}
      title={t('telephone.earLevel')}
    />
  )
}
