/** Tones that call for attention on a channel: chosen first, then sent, so that none goes out by one slip. */
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import { type AlertTone, alertTones } from '../../../contract/seat-radio.ts'
import styles from './channels.module.css'
import { useRadio } from './use-radio.ts'

type Choice = AlertTone | 'none'

export function Tones({ channel }: { channel: Id }) {
  const { t } = useTranslation()
  const act = useRadio()
  const [chosen, setChosen] = useState<Choice>('none')
  const [sending, setSending] = useState(false)
  const send = async () => {
    if (chosen === 'none') return
    setSending(true)
    const tone = chosen
    await act((radio) => radio.sendTone.mutate({ channel, tone }))
    setSending(false)
    setChosen('none')
  }
  return (
    <div className={styles.tones}>
      <Segmented<Choice>
        aria-label={t('radio.tones')}
        value={chosen}
        options={(['none', ...alertTones] as const).map((value) => ({
          value,
          label: t(`radio.toneNames.${value}`),
        }))}
        onChange={setChosen}
      />
      <Button danger disabled={chosen === 'none'} loading={sending} onClick={() => void send()}>
        {t('radio.sendTone')}
      </Button>
    </div>
  )
}
