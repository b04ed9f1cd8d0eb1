/** Begins to write to other officers, or goes on where these have written before. */
import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import { threadOfOfficers } from '../../../contract/threads.ts'
import { useApp } from '../../app/store.ts'
import { FormPopover } from '../../ui/form-popover.tsx'
import { InviteChoice, useReachable } from '../rooms/open-room.tsx'
import styles from './threads.module.css'
import { useOpenThread } from './use-thread.ts'

export function WriteToOfficers() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <FormPopover open={open} onOpenChange={setOpen} form={<ChoiceForm />}>
      <Button>{t('threads.toOfficers')}</Button>
    </FormPopover>
  )
}

function ChoiceForm() {
  const { t } = useTranslation()
  const open = useOpenThread()
  const own = useApp(({ session: { session } }) =>
    session?.kind === 'signed-in' ? session.account : undefined,
  )
  const [chosen, setChosen] = useState<readonly Id[]>([])
  const { reachable, failed } = useReachable()
  const officers = reachable.filter(({ inField }) => !inField)
  const begin = (event: FormEvent) => {
    event.preventDefault()
    if (own === undefined || chosen.length === 0) return
    const others = officers.filter(({ account }) => chosen.includes(account))
    open(
      threadOfOfficers([
        { account: own.id, name: own.name },
        ...others.map(({ account, name }) => ({ account, name })),
      ]),
    )
  }
  return (
    <form className={styles.broadcastForm} onSubmit={begin} aria-label={t('threads.toOfficers')}>
      <InviteChoice
        legend={t('threads.whichOfficers')}
        reachable={officers}
        value={chosen}
        onChange={setChosen}
      />
      {failed !== undefined && <p role="alert">{failed}</p>}
      <Button type="primary" htmlType="submit" disabled={chosen.length === 0}>
        {t('threads.begin')} <kbd>Enter</kbd>
      </Button>
    </form>
  )
}
