/** A form behind a button: what is asked for can be typed as soon as it is seen. */
import { Popover, type PopoverProps } from 'antd'
import { type ReactNode, useRef } from 'react'

interface FormPopoverProps extends Pick<PopoverProps, 'open' | 'onOpenChange' | 'placement'> {
  readonly form: ReactNode
  /** The button. */
  readonly children: ReactNode
}

/** Where letters go. */
const FIELD = 'textarea, input:not([type="radio"], [type="checkbox"])'

export function FormPopover({ form, children, ...rest }: FormPopoverProps) {
  const content = useRef<HTMLDivElement>(null)
  return (
    <Popover
      {...rest}
      trigger="click"
      destroyOnHidden
      // What is not seen yet can't be focused.
      afterOpenChange={(shown) => {
        if (shown) content.current?.querySelector<HTMLElement>(FIELD)?.focus()
      }}
      content={<div ref={content}>{form}</div>}
    >
      {children}
    </Popover>
  )
}
