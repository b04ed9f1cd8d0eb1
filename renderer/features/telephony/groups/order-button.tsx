/** Asks whom a group call is to ring: a new one, or one that goes on. */
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormPopover } from '../../../ui/form-popover.tsx'
import { OrderForm } from './order-form.tsx'

/** `group`: the one to add to. */
export function OrderButton({ group }: { group?: string }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <FormPopover
      placement="topRight"
      open={open}
      onOpenChange={setOpen}
      form={<OrderForm {...(group !== undefined && { group })} onDone={() => setOpen(false)} />}
    >
      <Button>{t(group === undefined ? 'groupCall.open' : 'groupCall.add')}</Button>
    </FormPopover>
  )
}
