/** One capability's lamp: told by shape and words, not by colour alone. */
import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Lamp } from '../../../contract/engine.ts'
import { useAge, useNow } from '../../ui/age.ts'
import styles from './status-bar.module.css'

export function LampView({ lamp: { name, state, since, heardAt, fault } }: { lamp: Lamp }) {
  const { t } = useTranslation()
  const age = useAge()
  const now = useNow()
  const time = (at: number) => new Date(at).toLocaleTimeString('en-GB')
  const words = state === 'up' ? '' : ` ${t(`lamps.${state}`, { age: age(now - (heardAt ?? since)) })}`
  const hint = [
    `${t(`lamps.${name}`)}: ${state === 'up' ? t('lamps.up') : words.trim()}`,
    t('lamps.since', { time: time(since) }),
    ...(fault === undefined ? [] : [t(`lamps.faults.${fault}`)]),
    ...(heardAt === null ? [] : [t('lamps.heard', { time: time(heardAt) })]),
  ].join(' · ')
  return (
    <Tooltip title={hint}>
      <li className={styles.lamp} data-lamp={name} data-state={state}>
        <i aria-hidden="true" />
        {t(`lamps.${name}`)}
        {words}
      </li>
    </Tooltip>
  )
}
