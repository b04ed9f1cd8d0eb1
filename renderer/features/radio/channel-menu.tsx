/** What is wanted of a channel less often: loudness, listening at all, talking on it besides others. */
import { Button, Popover, Slider, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { named } from '../../app/i18n/index.ts'
import { askForPanel } from '../../app/layout/asked-panels.ts'
import { useSend } from '../../app/store.ts'
import styles from './channels.module.css'
import { MoreIcon } from './icons.tsx'
import { selectedAfter, unheard } from './own-radio.ts'
import { RadioActs } from './radio-acts.tsx'
import { logAsked } from './slice.ts'
import { Tones } from './tones.tsx'
import { type OwnChannel, useOwnRadio } from './use-channels.ts'

export function ChannelMenu({ own }: { own: OwnChannel }) {
  const { t } = useTranslation()
  const words = t('radio.more', { name: named(own.channel.name) })
  return (
    <Popover trigger="click" placement="rightTop" destroyOnHidden content={<Choices own={own} />}>
      <Button
        type="text"
        className={`${styles.icon} ${styles.more}`}
        aria-label={words}
        title={words}
        icon={<MoreIcon />}
      />
    </Popover>
  )
}

function Choices({ own: { channel, seat, selected, volume } }: { own: OwnChannel }) {
  const { t } = useTranslation()
  const [settings, change] = useOwnRadio()
  const { id } = channel
  const send = useSend()
  const showLog = () => {
    send(logAsked(id))
    askForPanel('transmissions')
  }
  return (
    <section className={styles.menu} aria-label={t('radio.more', { name: named(channel.name) })}>
      <span>{t('radio.volume')}</span>
      <Slider
        ariaLabelForHandle={t('radio.volume')}
        min={0}
        step={5}
        defaultValue={Math.round(volume * 100)}
        tooltip={{ formatter: (percent) => `${percent} %` }}
        onChangeComplete={(percent) => change({ volumes: { ...settings.volumes, [id]: percent / 100 } })}
      />
      <span>{t('radio.simulcast')}</span>
      <Switch
        aria-label={t('radio.simulcast')}
        checked={selected}
        onChange={() => change({ selected: selectedAfter(settings.selected, id, true) })}
      />
      <span>{t('radio.listen')}</span>
      <Switch aria-label={t('radio.listen')} checked onChange={() => change(unheard(settings, id))} />
      <span>{t('radio.tones')}</span>
      <Tones channel={id} />
      {seat !== undefined && seat.acts.length > 0 && (
        <>
          <span>{t('radio.radioActs')}</span>
          <RadioActs channel={id} seat={seat} />
        </>
      )}
      <Button className={styles.log ?? ''} onClick={showLog}>
        {t('radio.showLog')}
      </Button>
    </section>
  )
}
