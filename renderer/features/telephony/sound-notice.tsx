/** Says where the officer's sound does not go through the devices that were chosen, and when that changes. */
import { App } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp } from '../../app/store.ts'
import { inOrder, inUse as inUseOf } from '../../audio/choice.ts'
import { useDevices } from '../../audio/use-devices.ts'
import styles from './sound-notice.module.css'

const roles = ['microphone', 'headset', 'loudspeaker', 'ring'] as const

export function SoundNotice() {
  const { t } = useTranslation()
  const { inUse } = useApp(({ audio }) => audio)
  useSoundNews()
  const { ring } = useApp(({ settings }) => settings.seat.audio)
  const { outputs } = useDevices()
  // Also while nothing rings: a ring that is heard somewhere else is missed.
  const serving = { ...inUse, ring: inUseOf(ring, inOrder(ring, outputs)[0], outputs) }
  const instead = roles.flatMap((role) => {
    const use = serving[role]
    return use === undefined || use === null || use.instead === null ? [] : [{ role, ...use }]
  })
  return (
    <div className={styles.notice}>
      {inUse.microphone === null && (
        <p className={styles.silent} role="alert">
          {t('telephone.noMicrophone')}
        </p>
      )}
      {instead.map(({ role, label, instead: away }) => (
        <p key={role} role="status" data-instead={role} title={away ?? label}>
          {t('audio.standsIn', { role: t(`audio.roles.${role}`), now: label })}
        </p>
      ))}
    </div>
  )
}

/** Each change is said once, as it happens. */
function useSoundNews(): void {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const news = useApp(({ audio }) => audio.news)
  const told = useRef(news.at(-1)?.n ?? 0)
  useEffect(() => {
    for (const { n, role, kind, was, now } of news) {
      if (n <= told.current) continue
      told.current = n
      const words = t(`audio.news.${kind}`, { role: t(`audio.roles.${role}`), was, now })
      if (kind === 'back') message.success(words)
      else message.warning(words, 6)
    }
  }, [news, message, t])
}
