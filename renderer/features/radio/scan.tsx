/** Scanning: which channels take turns in the officer's ear, and which of them breaks in. */
import { Button, Checkbox, Popover, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { named } from '../../app/i18n/index.ts'
import { toggled } from './own-radio.ts'
import styles from './panel-tools.module.css'
import { useChannels, useOwnRadio } from './use-channels.ts'

export function Scan() {
  const { t } = useTranslation()
  const [{ scan }] = useOwnRadio()
  return (
    <Popover trigger="click" placement="bottom" destroyOnHidden content={<ScanChoices />}>
      <Button aria-pressed={scan.on} type={scan.on ? 'primary' : 'default'}>
        {scan.on ? t('radio.scanOn', { n: scan.channels.length }) : t('radio.scan')}
      </Button>
    </Popover>
  )
}

function ScanChoices() {
  const { t } = useTranslation()
  const [{ scan }, change] = useOwnRadio()
  const channels = useChannels().filter(({ monitored }) => monitored)
  const set = (part: Partial<typeof scan>) => change({ scan: { ...scan, ...part } })
  return (
    <section className={styles.popover} aria-label={t('radio.scan')}>
      <div className={styles.row}>
        <Switch
          aria-label={t('radio.scan')}
          checked={scan.on}
          disabled={scan.channels.length < 2}
          onChange={(on) => set({ on })}
        />
        <span>{t('radio.scanHint')}</span>
      </div>
      <ul className={styles.rows}>
        {channels.map(({ channel: { id, name }, selected }) => (
          <li key={id}>
            <Checkbox
              className={styles.wide ?? ''}
              checked={scan.channels.includes(id)}
              onChange={() => {
                const next = toggled(scan.channels, id)
                const priority = next.includes(scan.priority ?? '') ? scan.priority : null
                set({ channels: next, priority, on: scan.on && next.length > 1 })
              }}
            >
              {named(name)}
              {selected && <span className={styles.note}> · {t('radio.scanSelected')}</span>}
            </Checkbox>
            <Button
              type={scan.priority === id ? 'primary' : 'default'}
              aria-pressed={scan.priority === id}
              aria-label={t('radio.priorityOf', { name: named(name) })}
              disabled={!scan.channels.includes(id)}
              onClick={() => set({ priority: scan.priority === id ? null : id })}
            >
              {t('radio.priority')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
