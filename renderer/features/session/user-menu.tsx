/** What the signed-in officer can do about their own session. */
import { App, Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Account } from '../../../contract/accounts.ts'
import { engine } from '../../app/engine.ts'
import { named } from '../../app/i18n/index.ts'
import { resetLayout } from '../../app/layout/reset.ts'
import { useApp } from '../../app/store.ts'
import { useExplain } from '../../ui/refusal.ts'
import { ChangePassword } from './change-password.tsx'

export function UserMenu({ account }: { account: Account }) {
  const { t } = useTranslation()
  const { modal, message } = App.useApp()
  const explain = useExplain()
  const outbox = useApp(({ status }) => status.link.outbox)
  const [changing, setChanging] = useState(false)
  const signOut = () => engine.session.signOut.mutate().catch((error) => message.error(explain(error)))
  const leave = () => {
    if (outbox === 0) return signOut()
    return modal.confirm({
      title: t('menu.signOut'),
      content: t('menu.signOutWaiting', { n: outbox }),
      okText: t('menu.signOut'),
      onOk: signOut,
    })
  }
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'who', label: `${named(account.name)} · ${t(`roles.${account.role}`)}`, disabled: true },
            { type: 'divider' },
            { key: 'password', label: t('menu.changePassword'), onClick: () => setChanging(true) },
            { key: 'layout', label: t('menu.resetLayout'), onClick: resetLayout },
            { type: 'divider' },
            { key: 'sign-out', label: t('menu.signOut'), onClick: leave },
          ],
        }}
      >
        <Button size="small">{t('menu.account')}</Button>
      </Dropdown>
      <ChangePassword account={account.id} open={changing} onClose={() => setChanging(false)} />
    </>
  )
}
