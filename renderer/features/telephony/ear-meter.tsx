/** How loud it is what the officer hears. */
import { useTranslation } from 'react-i18next'
import { earLevel } from '../../audio/sound.ts'
import { LiveMeter } from './live-meter.tsx'

/** Speech seldom goes beyond. */
const LOUD = 0.3

export function EarMeter() {
  const { t } = useTranslation()
  return <LiveMeter read={earLevel} max={LOUD} label={t('telephone.earLevel')} />
}
