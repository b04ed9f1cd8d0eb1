/** Reaches a unit by radio: selects the channel on which it is heard, and talks there. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Unit } from '../../../contract/directory.ts'
import { named } from '../../app/i18n/index.ts'
import { keyName, useShortcut } from '../../app/shortcuts/shortcuts.ts'
import { useApp } from '../../app/store.ts'
import { channelOf } from './channel-of-unit.ts'
import { PushToTalk } from './push-to-talk.tsx'
import styles from './radio-unit.module.css'
import { useOwnRadio } from './use-channels.ts'

export function RadioUnit({ unit }: { unit: Unit }) {
  const { t } = useTranslation()
  const directory = useApp(({ shared }) => shared.state.directory)
  const told = useApp(({ radio }) => radio.radio.channels)
  const [{ selected }, change] = useOwnRadio()
  const hasRadio = unit.terminals.some(({ kind }) => kind === 'radio')
  const way = hasRadio ? channelOf(unit, directory, told) : undefined
  const channel = way === undefined ? undefined : directory.channels[way.channel]
  const select = () => channel !== undefined && change({ selected: [channel.id] })
  useShortcut('radio', select, channel !== undefined)
  if (way === undefined || channel === undefined) return null
  const isSelected = selected.length === 1 && selected[0] === channel.id
  const name = named(channel.name)
  const because = t(`radio.because.${way.because}`)
  return (
    <div className={styles.unit}>
      <Button
        className={styles.reach ?? ''}
        title={`${because} ${keyName('radio')}`}
        aria-pressed={isSelected}
        onClick={select}
      >
        <span>{t('radio.reach', { name })}</span>
        <kbd>{keyName('radio')}</kbd>
      </Button>
      <PushToTalk
        name={`unit/${unit.id}`}
        channels={[channel.id]}
        className={styles.talk}
        title={t('radio.talkOn', { name })}
      >
        {t('radio.talk')}
      </PushToTalk>
    </div>
  )
}
