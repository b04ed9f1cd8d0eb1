/** Before joining: how the officer will be seen and heard, and with which camera. */
import { Button, Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMicrophone } from '../../audio/use-microphone.ts'
import { LiveMeter, SPEECH } from '../../ui/live-meter.tsx'
import { chooseCamera, join, leave, ownCamera, want } from './attending.ts'
import { OwnPictureView } from './picture.tsx'
import styles from './rooms.module.css'
import type { MeetingState } from './slice.ts'
import { useOwnAccount, useWatched } from './use-rooms.ts'

export function Preview({ meeting: { name, sending } }: { meeting: MeetingState }) {
  const { t } = useTranslation()
  const account = useOwnAccount()
  const picture = useWatched(ownCamera.picture)
  const { track, level } = useMicrophone()
  const cameras = useCameras(picture.kind)
  const chosen =
    picture.kind === 'on' ? picture.stream.getVideoTracks()[0]?.getSettings().deviceId : undefined
  return (
    <section className={styles.preview} aria-label={t('rooms.preview')}>
      <h2>{name}</h2>
      <div className={styles.mirror}>
        {picture.kind === 'on' ? (
          <OwnPictureView stream={picture.stream} />
        ) : (
          <p role="status">{t(picture.kind === 'missing' ? 'rooms.noCamera' : 'rooms.cameraOff')}</p>
        )}
      </div>
      <div className={styles.choices}>
        <Button aria-pressed={sending.camera} onClick={() => want({ camera: !sending.camera })}>
          {t(sending.camera ? 'rooms.cameraOn' : 'rooms.cameraOff')}
        </Button>
        {cameras.length > 1 && (
          <Select
            aria-label={t('rooms.whichCamera')}
            value={chosen ?? null}
            options={cameras.map(({ deviceId, label }) => ({ value: deviceId, label }))}
            onChange={(id) => {
              if (id !== null) chooseCamera(id)
            }}
          />
        )}
      </div>
      <div className={styles.choices}>
        <Button aria-pressed={sending.microphone} onClick={() => want({ microphone: !sending.microphone })}>
          {t(sending.microphone ? 'rooms.microphoneOn' : 'rooms.microphoneOff')}
        </Button>
        {track === null ? (
          <span role="status">{t('rooms.noMicrophone')}</span>
        ) : (
          <LiveMeter read={level} max={SPEECH} label={t('rooms.ownLevel')} />
        )}
      </div>
      <div className={styles.choices}>
        <Button
          type="primary"
          size="large"
          onClick={() => {
            if (account !== undefined) join(account.id)
          }}
        >
          {t(sending.microphone ? 'rooms.join' : 'rooms.joinMuted')}
        </Button>
        <Button size="large" onClick={leave}>
          {t('common.cancel')}
        </Button>
      </div>
    </section>
  )
}

/** They have names as soon as one may be used. */
function useCameras(opened: string): readonly MediaDeviceInfo[] {
  const [cameras, setCameras] = useState<readonly MediaDeviceInfo[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked for anew when one has been opened.
  useEffect(() => {
    let gone = false
    const look = () => {
      // Where they may not be known there are none.
      void navigator.mediaDevices
        .enumerateDevices()
        .catch(() => [])
        .then((devices) => {
          if (!gone)
            setCameras(devices.filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== ''))
        })
    }
    look()
    navigator.mediaDevices.addEventListener('devicechange', look)
    return () => {
      gone = true
      navigator.mediaDevices.removeEventListener('devicechange', look)
    }
  }, [opened])
  return cameras
}
