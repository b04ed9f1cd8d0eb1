/** How the seat's lines do; a line without a password asks for it. */
import { Button, Input, Space } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LineStatus } from '../../../contract/telephony.ts'
import { named } from '../../app/i18n/index.ts'
import { FormPopover } from '../../ui/form-popover.tsx'
import styles from './call-bar.module.css'
import { useTelephone } from './use-telephone.ts'

export function Lines({ lines }: { lines: readonly LineStatus[] }) {
  return (
    <ul className={styles.lines}>
      {lines.map((line) => (
        <LineView key={line.id} line={line} />
      ))}
    </ul>
  )
}

function LineView({ line }: { line: LineStatus }) {
  const { t } = useTranslation()
  const words = t(`telephone.lines.${line.state}`, { why: line.why ?? '' })
  return (
    <li data-line={line.id} data-state={line.state} title={`${named(line.exchange)} · ${words}`}>
      <i aria-hidden="true" /> {line.number}
      {line.state !== 'registered' && <span className={styles.why}>{words}</span>}
      {line.state === 'no-password' && (
        <FormPopover form={<PasswordForm line={line} />}>
          <Button size="small">{t('telephone.enterPassword')}</Button>
        </FormPopover>
      )}
    </li>
  )
}

function PasswordForm({ line }: { line: LineStatus }) {
  const { t } = useTranslation()
  const act = useTelephone()
  const [password, setPassword] = useState('')
  const keep = (event: FormEvent) => {
    event.preventDefault()
    if (password !== '')
      void act((telephone) => telephone.setLinePassword.mutate({ line: line.id, password }))
  }
  return (
    <form onSubmit={keep}>
      <Space.Compact>
        <Input.Password
          autoComplete="off"
          aria-label={t('telephone.password', { number: line.number })}
          placeholder={t('telephone.password', { number: line.number })}
          value={password}
          onChange={({ target }) => setPassword(target.value)}
        />
        <Button type="primary" htmlType="submit" disabled={password === ''}>
          {t('telephone.keepPassword')}
        </Button>
      </Space.Compact>
    </form>
  )
}
