/** Asks whom a group call is to ring: a new one, or one that goes on. */
import { Button, Popover, type RefSelectProps } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { OrderForm } from './order-form.tsx'

/** `group`: the one to add to. */
export function OrderButton({ group }: { group?: string }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const field = useRef<RefSelectProps>(null)
  return (
    <Popover
      trigger="click"
      placement="topRight"
      destroyOnHidden
      open={open}
      onOpenChange={setOpen}
      // Only what is seen can be typed into.
      afterOpenChange={(shown) => shown && field.current?.focus()}
      content={
        <OrderForm field={field} {...(group !== undefined && { group })} onDone={() => setOpen(false)} />
      }
    >
      <Button>{t(group === undefined ? 'groupCall.open' : 'groupCall.add')}</Button>
    </Popover>
  )
}
