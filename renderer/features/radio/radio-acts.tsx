/** What can be done to one radio on a channel: checked, silenced, let talk again. */
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import type { RadioAct, SeatChannel } from '../../../contract/seat-radio.ts'
import styles from './channels.module.css'
import { useRadio } from './use-radio.ts'

const radioOf = ({ reception, lastHeard }: SeatChannel): string =>
  (reception.squelch === 'open' ? reception.talker : lastHeard?.talker)?.radio ?? ''

export function RadioActs({ channel, seat }: { channel: Id; seat: SeatChannel }) {
  const { t } = useTranslation()
  const act = useRadio()
  const [radio, setRadio] = useState(() => radioOf(seat))
  const [reason, setReason] = useState('')
  const [doing, setDoing] = useState<RadioAct>()
  const [done, setDone] = useState<RadioAct>()
  const needsReason = (which: RadioAct) => which !== 'check'
  const carryOut = async (which: RadioAct) => {
    setDoing(which)
    setDone(undefined)
    const order = {
      channel,
      act: which,
      radio: radio.trim(),
      reason: needsReason(which) ? reason.trim() : null,
    }
    if (await act((engine) => engine.act.mutate(order))) setDone(which)
    setDoing(undefined)
  }
  return (
    <div className={styles.tones}>
      <Input
        maxLength={64}
        aria-label={t('radio.radioId')}
        placeholder={t('radio.radioId')}
        value={radio}
        onChange={({ target }) => setRadio(target.value)}
      />
      {seat.acts.some(needsReason) && (
        <Input
          maxLength={120}
          aria-label={t('radio.reason')}
          placeholder={t('radio.reason')}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      )}
      <div className={styles.acts}>
        {seat.acts.map((which) => (
          <Button
            key={which}
            danger={which === 'inhibit'}
            loading={doing === which}
            disabled={
              radio.trim() === '' ||
              (needsReason(which) && reason.trim() === '') ||
              (doing !== undefined && doing !== which)
            }
            onClick={() => void carryOut(which)}
          >
            {t(`radio.acts.${which}`)}
          </Button>
        ))}
      </div>
      {done !== undefined && <span role="status">✓ {t(`radio.acted.${done}`)}</span>}
    </div>
  )
}
