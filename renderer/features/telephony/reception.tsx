/** Do-not-disturb and forwarding: set here, and plain to see as long as they are on. */
import { Button, Input, InputNumber, Popover, Switch } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { forwardingSchema } from '../../../contract/telephony.ts'
import { useApp } from '../../app/store.ts'
import styles from './call-bar.module.css'
import { useTelephone } from './use-telephone.ts'

const USUAL_AFTER_S = 20

export function ReceptionMenu() {
  const { t } = useTranslation()
  const { doNotDisturb, forwarding } = useApp(({ telephony }) => telephony.reception)
  const on = doNotDisturb || forwarding !== null
  return (
    <Popover trigger="click" placement="topRight" content={<ReceptionForm />}>
      <Button className={styles.reception ?? ''} data-on={on || undefined} data-testid="reception">
        {on
          ? [
              doNotDisturb && t('reception.doNotDisturb'),
              forwarding && t('reception.forwardingNow', forwarding),
            ]
              .filter(Boolean)
              .join(' · ')
          : t('reception.open')}
      </Button>
    </Popover>
  )
}

function ReceptionForm() {
  const { t } = useTranslation()
  const act = useTelephone()
  const { doNotDisturb, forwarding } = useApp(({ telephony }) => telephony.reception)
  const [to, setTo] = useState(forwarding?.to ?? '')
  const [afterS, setAfterS] = useState(forwarding?.afterS ?? USUAL_AFTER_S)
  const wished = forwardingSchema.safeParse({ to, afterS })
  const forward = (event: FormEvent) => {
    event.preventDefault()
    if (wished.success) void act((telephone) => telephone.setForwarding.mutate({ forwarding: wished.data }))
  }
  return (
    <div className={styles.receptionForm}>
      <div>
        <Switch
          checked={doNotDisturb}
          aria-label={t('reception.doNotDisturb')}
          onChange={(on) => void act((telephone) => telephone.setDoNotDisturb.mutate({ on }))}
        />{' '}
        {t('reception.doNotDisturb')}
      </div>
      <p>{t('reception.doNotDisturbHint')}</p>
      <form onSubmit={forward}>
        <b>{t('reception.forwarding')}</b>
        <Input
          aria-label={t('reception.to')}
          placeholder={t('reception.to')}
          value={to}
          onChange={({ target }) => setTo(target.value.trim())}
        />
        <InputNumber
          aria-label={t('reception.after')}
          min={5}
          max={120}
          value={afterS}
          suffix="s"
          onChange={(value) => setAfterS(value ?? USUAL_AFTER_S)}
        />
        <Button type="primary" htmlType="submit" disabled={!wished.success}>
          {t('reception.on')}
        </Button>
        {forwarding !== null && (
          <Button
            onClick={() => void act((telephone) => telephone.setForwarding.mutate({ forwarding: null }))}
          >
            {t('reception.off')}
          </Button>
        )}
      </form>
      <p>{t('reception.ends')}</p>
    </div>
  )
}
