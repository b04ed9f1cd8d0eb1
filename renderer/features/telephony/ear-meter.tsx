/** How loud it is what the officer hears. */
import { useTranslation } from 'react-i18next'
import { earLevel } from '../../audio/sound.ts'
import { LiveMeter, SPEECH } from '../../ui/live-meter.tsx'
import styles from './own-levels.module.css'

export function EarMeter() {
  const { t } = useTranslation()
  return <LiveMeter className={styles.meter} max={SPEECH} read={earLevel} label={t('telephone.earLevel')} />
}
