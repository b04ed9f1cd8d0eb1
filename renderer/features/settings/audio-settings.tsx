/** Which devices the officer hears and speaks with, and how they sound. */
import { Button, Popover, Slider, Switch } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AudioDevice, AudioRole, AudioSettings as Wishes } from '../../../contract/settings.ts'
import { useApp } from '../../app/store.ts'
import { asChosen, type SoundRole, SYSTEM_DEFAULT } from '../../audio/choice.ts'
import { ringOnce } from '../../audio/ringer.ts'
import { playNotes } from '../../audio/trial.ts'
import { useDevices } from '../../audio/use-devices.ts'
import styles from './audio-settings.module.css'
import { useChangeSettings } from './display-settings.tsx'
import { MicrophoneTest } from './microphone-test.tsx'

export function AudioSettings() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      content={<Choices />}
      placement="bottomRight"
    >
      <Button size="small" aria-expanded={open}>
        {t('audio.title')}
      </Button>
    </Popover>
  )
}

function Choices() {
  const { t } = useTranslation()
  const wishes = useApp(({ settings }) => settings.seat.audio)
  const change = useChangeSettings()
  const { inputs, outputs } = useDevices()
  const set = (wish: Partial<Wishes>) => change({ audio: wish })
  const heard = (role: AudioRole, play: () => Promise<void>) => (
    <Row serves={role} chosen={wishes[role]} present={outputs} onChoose={(device) => set({ [role]: device })}>
      <Trial words={t(role === 'ring' ? 'audio.tryRing' : 'audio.try')} play={play} role={role} />
    </Row>
  )
  return (
    <section className={styles.choices} aria-label={t('audio.title')}>
      {heard('headset', () => playNotes('headset'))}
      <Row
        serves="microphone"
        chosen={wishes.microphone}
        present={inputs}
        onChoose={(microphone) => set({ microphone })}
      >
        <span />
      </Row>
      <MicrophoneTest />
      {heard('ring', ringOnce)}
      <span>{t('audio.ringVolume')}</span>
      <Slider
        className={styles.slider ?? ''}
        ariaLabelForHandle={t('audio.ringVolume')}
        min={10}
        step={10}
        defaultValue={Math.round(wishes.ringVolume * 100)}
        tooltip={{ formatter: (percent) => `${percent} %` }}
        onChangeComplete={(percent) => set({ ringVolume: percent / 100 })}
      />
      {heard('loudspeaker', () => playNotes('loudspeaker'))}
      <Toggle
        words={t('audio.echoCancellation')}
        on={wishes.echoCancellation}
        onChange={(echoCancellation) => set({ echoCancellation })}
      />
      <Toggle
        words={t('audio.noiseSuppression')}
        on={wishes.noiseSuppression}
        onChange={(noiseSuppression) => set({ noiseSuppression })}
      />
    </section>
  )
}

interface RowProps {
  readonly serves: SoundRole
  readonly chosen: AudioDevice | null
  readonly present: readonly AudioDevice[]
  onChoose(device: AudioDevice | null): void
  readonly children: React.ReactNode
}

function Row({ serves, chosen, present, onChoose, children }: RowProps) {
  const { t } = useTranslation()
  const id = useId()
  const real = present.filter((device) => device.id !== SYSTEM_DEFAULT && device.label !== '')
  const standard = present.find((device) => device.id === SYSTEM_DEFAULT)?.label
  const own = chosen === null ? undefined : asChosen(chosen, present)
  const choose = (value: string) => onChoose(real.find((device) => device.id === value) ?? null)
  return (
    <>
      <label htmlFor={id}>{t(`audio.roles.${serves}`)}</label>
      <select
        id={id}
        className={styles.select}
        data-role={serves}
        value={own?.id ?? chosen?.id ?? ''}
        onChange={({ target }) => choose(target.value)}
      >
        <option value="">
          {t('audio.systemDefault')}
          {standard !== undefined && standard !== '' && ` (${standard})`}
        </option>
        {real.map((device) => (
          <option key={device.id} value={device.id}>
            {device.label}
          </option>
        ))}
        {chosen !== null && own === undefined && (
          <option value={chosen.id}>{t('audio.away', { device: chosen.label })}</option>
        )}
      </select>
      {children}
    </>
  )
}

function Trial({ words, role, play }: { words: string; role: AudioRole; play(): Promise<void> }) {
  const { t } = useTranslation()
  const [playing, setPlaying] = useState(false)
  return (
    <Button
      aria-label={`${words}: ${t(`audio.roles.${role}`)}`}
      disabled={playing}
      onClick={() => {
        setPlaying(true)
        void play().finally(() => setPlaying(false))
      }}
    >
      {words}
    </Button>
  )
}

function Toggle({ words, on, onChange }: { words: string; on: boolean; onChange(on: boolean): void }) {
  return (
    <>
      <span>{words}</span>
      <Switch aria-label={words} checked={on} onChange={onChange} />
    </>
  )
}
