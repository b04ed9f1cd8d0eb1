/** Talks to all units that are selected: on each channel where any of them is reached, together. Says first who is. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import { listed, named } from '../../app/i18n/index.ts'
import { keyName, useShortcut } from '../../app/shortcuts/shortcuts.ts'
import { useApp } from '../../app/store.ts'
import { channelOf } from './channel-of-unit.ts'
import { PushToTalk } from './push-to-talk.tsx'
import styles from './radio-unit.module.css'
import { useOwnRadio } from './use-channels.ts'

export function KeyUnits({ selected }: { selected: readonly Id[] }) {
  const { t } = useTranslation()
  const directory = useApp(({ shared }) => shared.state.directory)
  const told = useApp(({ radio }) => radio.radio.channels)
  const [own, change] = useOwnRadio()
  const ways = selected.flatMap((id) => {
    const unit = directory.units[id]
    const hasRadio = unit?.terminals.some(({ kind }) => kind === 'radio') === true
    const way = hasRadio ? channelOf(unit, directory, told) : undefined
    return way === undefined ? [] : [way.channel]
  })
  const channels = [...new Set(ways)]
  const select = () => change({ selected: channels })
  useShortcut('radio', select, channels.length > 0)
  if (channels.length === 0) return null
  const isSelected =
    own.selected.length === channels.length && channels.every((id) => own.selected.includes(id))
  const names = channels.flatMap((id) => directory.channels[id] ?? []).map(({ name }) => named(name))
  const without = selected.length - ways.length
  return (
    <div>
      <p>
        {t('radio.willReach', { n: ways.length, channels: listed(names) })}
        {without > 0 && t('radio.withoutRadio', { n: without })}
      </p>
      <div className={styles.unit}>
        <Button className={styles.reach ?? ''} aria-pressed={isSelected} onClick={select}>
          <span>{t('radio.reachAll', { n: channels.length })}</span>
          <kbd>{keyName('radio')}</kbd>
        </Button>
        <PushToTalk
          name="units"
          channels={channels}
          className={styles.talk}
          title={t('radio.talkOn', { name: listed(names) })}
        >
          {t('radio.talk')}
        </PushToTalk>
      </div>
    </div>
  )
}
