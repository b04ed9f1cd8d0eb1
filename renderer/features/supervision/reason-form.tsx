/** Asks why something is done at another seat: Enter confirms, Esc leaves it. */
import { Button, Input, type InputRef } from 'antd'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { actReasonSchema, type SeatAct } from '../../../contract/supervision.ts'
import styles from './supervision.module.css'

export interface ReasonFormProps {
  readonly act: Exclude<SeatAct, 'pick-up'>
  readonly busy: boolean
  onConfirm(reason: string): void
  onCancel(): void
}

const phrases = {
  listening: ['training', 'quality', 'assistance', 'complaint'],
  release: ['blocked', 'urgent', 'abuse'],
} as const

export function ReasonForm({ act, busy, onConfirm, onCancel }: ReasonFormProps) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const input = useRef<InputRef>(null)
  const reason = actReasonSchema.safeParse(text)
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (reason.success && !busy) onConfirm(reason.data)
  }
  return (
    <form
      className={styles.reason}
      onSubmit={send}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onCancel()
      }}
    >
      <Input
        ref={input}
        autoFocus
        maxLength={200}
        aria-label={t('supervision.reason')}
        placeholder={t('supervision.reason')}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <div className={styles.phrases}>
        {phrases[act === 'release' ? 'release' : 'listening'].map((phrase) => (
          <Button
            key={phrase}
            size="small"
            onClick={() => {
              setText(t(`supervision.phrases.${phrase}`))
              input.current?.focus()
            }}
          >
            {t(`supervision.phrases.${phrase}`)}
          </Button>
        ))}
      </div>
      <div className={styles.confirm}>
        <Button
          type="primary"
          danger={act === 'release'}
          htmlType="submit"
          disabled={!reason.success}
          loading={busy}
        >
          {t(`supervision.confirm.${act}`)}
          <kbd>Enter</kbd>
        </Button>
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
      </div>
      <p className={styles.kept}>{t('supervision.reasonKept')}</p>
    </form>
  )
}
