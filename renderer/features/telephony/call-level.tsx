/** How loud the other side of a call is. */
import { useTranslation } from 'react-i18next'
import { LiveMeter } from '../../ui/live-meter.tsx'
import styles from './call-bar.module.css'
import { callLevels } from './levels.ts'

/** dBov: quieter is silence, louder is seldom. */
const QUIET = -60
const LOUD = -12

export function CallLevel({ call, name }: { call: string; name: string }) {
  const { t } = useTranslation()
  return (
    <LiveMeter
      read={() => callLevels.of(call)}
      min={QUIET}
      max={LOUD}
      label={t('telephone.level', { name })}
      className={styles.meter}
    />
  )
}
