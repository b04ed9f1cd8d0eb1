/** A channel: who is heard, whether the officer is, and what to do about either. */
import { Button } from 'antd'
import type { MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { FunctionKey } from '../../../contract/radio-settings.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { useNow } from '../../ui/age.ts'
import { FormPopover } from '../../ui/form-popover.tsx'
import { LiveMeter } from '../../ui/live-meter.tsx'
import { PasswordForm } from '../../ui/password-form.tsx'
import { openAlarms } from './alarms.ts'
import { type CardLine, lineOf, toneOf } from './card-line.ts'
import { ChannelLine } from './channel-line.tsx'
import { ChannelMenu } from './channel-menu.tsx'
import styles from './channels.module.css'
import { SignalIcon, SpeakerIcon } from './icons.tsx'
import { isKeyed } from './keying.ts'
import { channelLevels } from './levels.ts'
import { selectedAfter, toggled } from './own-radio.ts'
import { PushToTalk } from './push-to-talk.tsx'
import { type OwnChannel, useOwnRadio } from './use-channels.ts'
import { useRadio } from './use-radio.ts'

/** dBov: quieter is silence, louder is seldom. */
const QUIET = -60
const LOUD = -12

export function ChannelCard({ own, keyName }: { own: OwnChannel; keyName: FunctionKey | undefined }) {
  const { t } = useTranslation()
  const now = useNow()
  const { channel, seat, monitored, selected, muted } = own
  const { id } = channel
  const name = named(channel.name)
  const keyed = useApp(({ radio }) => isKeyed(radio.held, id))
  const [settings, change] = useOwnRadio()
  const line = lineOf(seat, { monitored, keyed })
  const alarmed = useApp((state) => openAlarms(state).some((alarm) => alarm.channel === id))
  const talkWords = [t('radio.talkOn', { name }), keyName].filter(Boolean).join(' · ')
  const select = (event: MouseEvent) =>
    change({ selected: selectedAfter(settings.selected, id, event.ctrlKey || event.metaKey) })
  return (
    <li
      className={styles.card}
      data-channel={id}
      data-tone={toneOf(line)}
      data-line={line.kind}
      data-selected={selected || undefined}
      data-alarmed={alarmed || undefined}
    >
      <button
        type="button"
        className={styles.select}
        aria-pressed={selected}
        title={t('radio.hint', { name })}
        disabled={!monitored}
        onClick={select}
      >
        <span className={styles.name}>
          <i aria-hidden="true">{selected ? '◉' : '○'}</i>
          <b>{name}</b>
          {alarmed && (
            <span className={styles.help} title={t('radio.alarm')}>
              ▲<span className={styles.only}>{t('radio.alarm')}</span>
            </span>
          )}
          <Badges own={own} />
        </span>
        <ChannelLine line={line} now={now} />
      </button>
      {monitored ? (
        <>
          <Button
            type="text"
            className={`${styles.icon} ${styles.mute}`}
            aria-label={t(muted ? 'radio.unmute' : 'radio.mute', { name })}
            aria-pressed={muted}
            title={t(muted ? 'radio.unmute' : 'radio.mute', { name })}
            icon={<SpeakerIcon silent={muted} />}
            onClick={() => change({ muted: toggled(settings.muted, id) })}
          />
          <ChannelMenu own={own} />
          {seat?.link.state === 'no-password' ? (
            <ChannelPassword channel={id} name={name} />
          ) : (
            <PushToTalk
              name={`card/${id}`}
              channels={[id]}
              className={styles.ptt}
              label={talkWords}
              title={talkWords}
            >
              {line.kind === 'talking' ? t('radio.talk') : (keyName ?? t('radio.talk'))}
            </PushToTalk>
          )}
        </>
      ) : (
        <Button
          className={styles.listen ?? ''}
          aria-label={t('radio.listenTo', { name })}
          onClick={() => change({ unmonitored: settings.unmonitored.filter((other) => other !== id) })}
        >
          {t('radio.listen')}
        </Button>
      )}
      <Level channel={id} name={name} line={line} />
    </li>
  )
}

function Badges({ own: { seat, monitored, muted } }: { own: OwnChannel }) {
  const { t } = useTranslation()
  const signal = seat?.reception.squelch === 'open' ? seat.reception.signal : null
  return (
    <>
      {signal !== null && (
        <span title={t('radio.signal', { percent: Math.round(signal * 100) })}>
          <SignalIcon strength={signal} />
        </span>
      )}
      {seat?.heard === false && <span title={t('radio.scannedHint')}>{t('radio.scanned')}</span>}
      {monitored && muted && <span>{t('radio.muted')}</span>}
      {seat?.floor === 'channel' && seat.link.state === 'up' && (
        <span className={styles.alone} title={t('radio.floor.channel')}>
          ◇ {t('radio.channelFloor')}
        </span>
      )}
    </>
  )
}

/** Its place is kept where there is nothing to show: nothing jumps. */
function Level({ channel, name, line }: { channel: string; name: string; line: CardLine }) {
  const { t } = useTranslation()
  if (line.kind !== 'receiving' && line.kind !== 'talking') return null
  return (
    <LiveMeter
      className={styles.level}
      read={() => channelLevels.of(channel)}
      min={QUIET}
      max={LOUD}
      label={t('radio.level', { name })}
    />
  )
}

function ChannelPassword({ channel, name }: { channel: string; name: string }) {
  const { t } = useTranslation()
  const act = useRadio()
  return (
    <FormPopover
      placement="rightTop"
      form={
        <PasswordForm
          label={t('radio.password', { name })}
          keep={t('radio.keepPassword')}
          onKeep={(password) => void act((radio) => radio.setChannelPassword.mutate({ channel, password }))}
        />
      }
    >
      <Button className={styles.listen ?? ''}>{t('radio.enterPassword')}</Button>
    </FormPopover>
  )
}
