/** How loud it is what the officer hears and says, and where it is heard. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useApp, useSend } from '../../app/store.ts'
import { loudspeakerSet } from '../../audio/slice.ts'
import { useMicrophone } from '../../audio/use-microphone.ts'
import { LiveMeter, SPEECH } from '../../ui/live-meter.tsx'
import { EarMeter } from './ear-meter.tsx'
import styles from './own-levels.module.css'

export function OwnLevels() {
  const { t } = useTranslation()
  const send = useSend()
  const loud = useApp(({ audio }) => audio.onLoudspeaker)
  const { level } = useMicrophone()
  return (
    <div className={styles.levels}>
      <div className={styles.meters}>
        <EarMeter />
        <LiveMeter max={SPEECH} className={styles.meter} label={t('audio.microphoneLevel')} read={level} />
      </div>
      <Button
        aria-pressed={loud}
        title={t(loud ? 'audio.toHeadset' : 'audio.toLoudspeaker')}
        type={loud ? 'primary' : 'default'}
        onClick={() => send(loudspeakerSet(!loud))}
      >
        {t('audio.roles.loudspeaker')}
      </Button>
    </div>
  )
}
