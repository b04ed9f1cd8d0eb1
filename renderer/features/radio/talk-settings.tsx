/** How this seat talks: holding or latching, and which function key talks where. */
import { Button, Popover, Segmented } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { type FunctionKey, functionKeys, type PushToTalk } from '../../../contract/radio-settings.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { useChangeSettings } from '../settings/display-settings.tsx'
import { FootSwitches } from './foot-switches.tsx'
import { keysOf } from './function-keys.ts'
import styles from './panel-tools.module.css'

export function TalkSettings() {
  const { t } = useTranslation()
  return (
    <Popover trigger="click" placement="bottomRight" destroyOnHidden content={<Choices />}>
      <Button>{t('radio.talkSettings')}</Button>
    </Popover>
  )
}

function Choices() {
  const { t } = useTranslation()
  const { mode, functionKeys: chosen } = useApp(({ settings }) => settings.seat.pushToTalk)
  const change = useChangeSettings()
  const set = (part: Partial<PushToTalk>) => change({ pushToTalk: part })
  return (
    <section className={styles.settings} aria-label={t('radio.talkSettings')}>
      <Segmented<PushToTalk['mode']>
        aria-label={t('radio.mode')}
        value={mode}
        options={[
          { value: 'hold', label: t('radio.modes.hold') },
          { value: 'latch', label: t('radio.modes.latch') },
        ]}
        onChange={(next) => set({ mode: next })}
      />
      <p>{t('radio.keysHint')}</p>
      <div className={styles.keys}>
        {functionKeys.map((key) => (
          <KeyChoice
            key={key}
            name={key}
            chosen={chosen}
            onChoose={(channel) => {
              const { [key]: _, ...others } = chosen
              set({ functionKeys: channel === null ? others : { ...others, [key]: channel } })
            }}
          />
        ))}
      </div>
      <FootSwitches />
    </section>
  )
}

interface KeyChoiceProps {
  readonly name: FunctionKey
  readonly chosen: PushToTalk['functionKeys']
  /** Null: whichever channel is next. */
  onChoose(channel: string | null): void
}

function KeyChoice({ name, chosen, onChoose }: KeyChoiceProps) {
  const { t } = useTranslation()
  const id = useId()
  const channels = useApp(({ shared }) => shared.state.directory.channels)
  const { [name]: own, ...others } = chosen
  const itself = keysOf(Object.keys(channels), others).get(name)
  const known = itself === undefined ? undefined : channels[itself]
  return (
    <>
      <label htmlFor={id}>
        <kbd>{name}</kbd>
      </label>
      <select
        id={id}
        className={styles.select}
        value={own ?? ''}
        onChange={({ target }) => onChoose(target.value === '' ? null : target.value)}
      >
        <option value="">
          {t('radio.keyItself', { name: known === undefined ? '–' : named(known.name) })}
        </option>
        {Object.values(channels).map((channel) => (
          <option key={channel.id} value={channel.id}>
            {named(channel.name)}
          </option>
        ))}
      </select>
    </>
  )
}
