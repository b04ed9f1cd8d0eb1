/** Begins a group call from the bar. */
import { Button, Popover } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { OrderForm } from './order-form.tsx'

export function NewGroup() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <Popover
      trigger="click"
      placement="topRight"
      destroyOnHidden
      open={open}
      onOpenChange={setOpen}
      content={<OrderForm onDone={() => setOpen(false)} />}
    >
      <Button>{t('groupCall.open')}</Button>
    </Popover>
  )
}
