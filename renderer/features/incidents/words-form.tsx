/** Asks for words: Enter confirms, Shift and Enter begins another line. */
import { Button, Input } from 'antd'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { wordsSchema } from '../../../contract/tasks.ts'
import styles from './incidents.module.css'

interface WordsFormProps {
  /** They must be there, or may be. */
  readonly needed: boolean
  readonly label: string
  readonly confirm: string
  readonly children?: ReactNode
  /** Null: none were given. */
  onConfirm(words: string | null): Promise<void>
  onCancel?(): void
}

export function WordsForm({ needed, label, confirm, children, onConfirm, onCancel }: WordsFormProps) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const words = wordsSchema.safeParse(text)
  const ready = words.success || (!needed && text.trim() === '')
  const send = async (event?: FormEvent) => {
    event?.preventDefault()
    if (!ready || busy) return
    setBusy(true)
    await onConfirm(words.data ?? null)
    setBusy(false)
  }
  return (
    <form className={styles.words} onSubmit={send}>
      <Input.TextArea
        autoFocus
        rows={3}
        maxLength={1000}
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onPressEnter={(event) => {
          if (event.shiftKey || event.nativeEvent.isComposing) return
          event.preventDefault()
          void send()
        }}
      />
      {children}
      <div className={styles.buttons}>
        <Button type="primary" htmlType="submit" disabled={!ready} loading={busy}>
          {confirm} <kbd>Enter</kbd>
        </Button>
        {onCancel !== undefined && <Button onClick={onCancel}>{t('common.cancel')}</Button>}
      </div>
    </form>
  )
}
