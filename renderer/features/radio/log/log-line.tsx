/** One transmission that was: when, on which channel, by whom, for how long. */
import { useTranslation } from 'react-i18next'
import type { TransmissionRecord } from '../../../../contract/radio.ts'
import { named } from '../../../app/i18n/index.ts'
import { useApp } from '../../../app/store.ts'
import { When } from '../../../ui/when.tsx'
import { clock } from '../../telephony/duration.tsx'
import { TalkerName } from '../talker-name.tsx'
import styles from './log.module.css'

interface LogLineProps {
  readonly transmission: TransmissionRecord
  readonly showChannel: boolean
}

export function LogLine({ transmission, showChannel }: LogLineProps) {
  const { t } = useTranslation()
  const { channel, direction, talker, emergency, startedAt, endedAt } = transmission
  const name = useApp(({ shared }) => shared.state.directory.channels[channel]?.name)
  return (
    <li data-emergency={emergency || undefined}>
      <When at={startedAt} />
      <span title={t(`radio.directions.${direction}`)}>{direction === 'in' ? '↙' : '↗'}</span>
      {emergency && <b className={styles.emergency}>▲ {t('radio.emergency')}</b>}
      <span className={styles.talker}>
        <TalkerName talker={talker} />
      </span>
      {showChannel && <span className={styles.where}>{name === undefined ? channel : named(name)}</span>}
      <span className={styles.long}>{clock(Math.max(1, Math.round((endedAt - startedAt) / 1000)))}</span>
    </li>
  )
}
