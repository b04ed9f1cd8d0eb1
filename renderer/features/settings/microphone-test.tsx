/** Speak, see how loud it is, and hear it afterwards as the others would. */
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { playOn } from '../../audio/output.ts'
import { loudestOf, record } from '../../audio/trial.ts'
import { useMicrophone } from '../../audio/use-microphone.ts'
import { LiveMeter, SPEECH } from '../../ui/live-meter.tsx'
import styles from './audio-settings.module.css'

const SPEAK_MS = 3_000
/** Below it, nobody has spoken, or the microphone is off at its own switch. */
const HEARD = 0.01

type Step = 'idle' | 'recording' | 'playing' | 'heard' | 'silent' | 'failed'

export function MicrophoneTest() {
  const { t } = useTranslation()
  const { track, level } = useMicrophone()
  const [step, setStep] = useState<Step>('idle')
  const busy = step === 'recording' || step === 'playing'
  const run = async (from: MediaStreamTrack) => {
    setStep('recording')
    const sound = await record(from, SPEAK_MS)
    setStep('playing')
    await playOn('headset', sound)
    setStep(loudestOf(sound) > HEARD ? 'heard' : 'silent')
  }
  const bad = track === null || step === 'silent' || step === 'failed'
  return (
    <>
      <span>{t('audio.test')}</span>
      <div className={styles.trial} data-step={step}>
        <Button
          disabled={busy || track === null || track === undefined}
          onClick={() => track && void run(track).catch(() => setStep('failed'))}
        >
          {t('audio.speak')}
        </Button>
        <LiveMeter max={SPEECH} label={t('audio.microphoneLevel')} read={level} />
        <span className={styles.words} role="status" data-bad={bad || undefined}>
          {track === null ? t('audio.none') : t(`audio.steps.${step}`)}
        </span>
      </div>
    </>
  )
}
