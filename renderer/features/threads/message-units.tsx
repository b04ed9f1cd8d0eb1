/** Writes to the crews of all units that are selected. Says first how many that reaches. */
import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import { wordsSchema } from '../../../contract/tasks.ts'
import { askForPanel } from '../../app/layout/asked-panels.ts'
import { keyName, useShortcut } from '../../app/shortcuts/shortcuts.ts'
import { useApp, useSend } from '../../app/store.ts'
import { FormPopover } from '../../ui/form-popover.tsx'
import { reachedBy } from './broadcast-state.ts'
import { threadClosed } from './slice.ts'
import styles from './threads.module.css'
import { useBroadcast } from './use-broadcast.ts'

export function MessageUnits({ selected }: { selected: readonly Id[] }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const units = useApp(({ shared }) => shared.state.directory.units)
  const reached = selected.filter((id) => reachedBy(units[id]) !== undefined)
  useShortcut('message', () => setOpen(true), reached.length > 0)
  if (reached.length === 0) return null
  return (
    <FormPopover
      open={open}
      onOpenChange={setOpen}
      form={
        <MessageForm
          reached={reached}
          without={selected.length - reached.length}
          onDone={() => setOpen(false)}
        />
      }
    >
      <Button>
        {t('threads.messageMany', { n: reached.length })} <kbd>{keyName('message')}</kbd>
      </Button>
    </FormPopover>
  )
}

function MessageForm({
  reached,
  without,
  onDone,
}: {
  reached: readonly Id[]
  without: number
  onDone(): void
}) {
  const { t } = useTranslation()
  const send = useSend()
  const broadcast = useBroadcast()
  const [text, setText] = useState('')
  const words = wordsSchema.safeParse(text)
  const units = useApp(({ shared }) => shared.state.directory.units)
  const asTexts = reached.filter((id) => reachedBy(units[id]) === 'telephone').length
  const say = (event: FormEvent) => {
    event.preventDefault()
    if (!words.success) return
    broadcast(reached, words.data)
    onDone()
    send(threadClosed())
    askForPanel('messages')
  }
  return (
    <form className={styles.broadcastForm} aria-label={t('threads.broadcast')} onSubmit={say}>
      <p>
        {t('threads.willReach', { n: reached.length })}
        {asTexts > 0 && t('threads.asTexts', { n: asTexts })}
        {without > 0 && t('threads.without', { n: without })}
      </p>
      <Input
        maxLength={1000}
        aria-label={t('threads.write')}
        placeholder={t('threads.write')}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <Button type="primary" htmlType="submit" disabled={!words.success}>
        {t('threads.send')} <kbd>Enter</kbd>
      </Button>
    </form>
  )
}
