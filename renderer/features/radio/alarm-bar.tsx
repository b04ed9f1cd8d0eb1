/** The alarms of radios on the status bar: seen and heard until somebody acknowledges them; they take no focus. */
import { Button, Popover } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { RadioAlarm } from '../../../contract/radio-journal.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp, useSend } from '../../app/store.ts'
import { startAlarm } from '../../audio/ringer.ts'
import { OpenFromAlarm } from '../incidents/open-from.tsx'
import { mapView } from '../map/map-view.ts'
import { unitSelected } from '../units/selection.ts'
import styles from './alarms.module.css'
import { openAlarms } from './alarms.ts'
import { useTalkerName } from './talker-name.tsx'
import { useAcknowledge } from './use-acknowledge.ts'

export function AlarmBar() {
  const { t } = useTranslation()
  const alarms = useApp(openAlarms)
  const any = alarms.length > 0
  useEffect(() => (any ? startAlarm() : undefined), [any])
  const [first, ...others] = alarms
  return (
    // Always there: what comes into it is told to those who can't see it.
    <div role="alert" className={styles.bar}>
      {first !== undefined && <Alarm key={first.id} alarm={first} />}
      {others.length > 0 && (
        <Popover
          trigger="click"
          placement="bottomLeft"
          content={
            <ul className={styles.list} aria-label={t('radio.alarms')}>
              {alarms.map((alarm) => (
                <li key={alarm.id}>
                  <Alarm alarm={alarm} />
                </li>
              ))}
            </ul>
          }
        >
          <Button danger>{t('radio.moreAlarms', { n: alarms.length })}</Button>
        </Popover>
      )}
    </div>
  )
}

function Alarm({ alarm }: { alarm: RadioAlarm }) {
  const { t } = useTranslation()
  const send = useSend()
  const acknowledge = useAcknowledge()
  const { radio, unit, channel, at, id } = alarm
  const who = useTalkerName({ radio, unit, account: null })
  const where = useApp(({ shared }) => shared.state.directory.channels[channel ?? '']?.name)
  const known = useApp(({ shared }) => shared.state.directory.units[unit ?? ''])
  return (
    <div className={styles.alarm} data-alarm={id}>
      <i aria-hidden="true">▲</i>
      <span className={styles.who} title={who}>
        {t('radio.emergency')} {who}
      </span>
      <span className={styles.where}>
        <time>{new Date(at).toLocaleTimeString('en-GB')}</time>
        {channel === null ? ` · ${t('radio.fromPhone')}` : where !== undefined && ` · ${named(where)}`}
      </span>
      <Button type="primary" danger onClick={() => void acknowledge(id)}>
        {t('radio.acknowledge')}
      </Button>
      <OpenFromAlarm alarm={alarm} />
      {known !== undefined && (
        <Button
          onClick={() => {
            send(unitSelected(known.id))
            mapView.centreOn(known.index)
          }}
        >
          {t('radio.locate')}
        </Button>
      )}
    </div>
  )
}
