/** How the seat's lines do; a line without a password asks for it. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { LineStatus } from '../../../contract/telephony.ts'
import { named } from '../../app/i18n/index.ts'
import { FormPopover } from '../../ui/form-popover.tsx'
import { PasswordForm } from '../../ui/password-form.tsx'
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
        <FormPopover form={<LinePassword line={line} />}>
          <Button size="small">{t('telephone.enterPassword')}</Button>
        </FormPopover>
      )}
    </li>
  )
}

function LinePassword({ line }: { line: LineStatus }) {
  const { t } = useTranslation()
  const act = useTelephone()
  return (
    <PasswordForm
      label={t('telephone.password', { number: line.number })}
      keep={t('telephone.keepPassword')}
      onKeep={(password) =>
        void act((telephone) => telephone.setLinePassword.mutate({ line: line.id, password }))
      }
    />
  )
}
