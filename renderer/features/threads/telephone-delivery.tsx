/** What became of a message at the telephones that it is carried to, and sending it again where it did not arrive. */
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import { type TextDelivery, type TextState, textStateOf } from '../../../contract/text-delivery.ts'
import type { Message, Thread } from '../../../contract/threads.ts'
import { engine } from '../../app/engine.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { useNow } from '../../ui/age.ts'
import { useExplain } from '../../ui/refusal.ts'
import styles from './threads.module.css'

/** What takes that long is looked at again. */
const LOOK_EVERY_MS = 2_000
/** Nobody has to do anything. */
const fine: readonly TextState[] = ['waiting', 'carrying', 'carried']

export function TelephoneDeliveries({ message, thread }: { message: Message; thread: Thread }) {
  return (message.telephones ?? []).map((unit) => (
    <AtTelephone
      key={unit}
      unit={unit}
      message={message}
      thread={thread}
      delivery={thread.deliveries?.[message.id]?.[unit]}
    />
  ))
}

interface AtTelephoneProps {
  readonly unit: Id
  readonly message: Message
  readonly thread: Thread
  readonly delivery: TextDelivery | undefined
}

function AtTelephone({ unit, message, thread, delivery }: AtTelephoneProps) {
  const { t } = useTranslation()
  const app = App.useApp()
  const explain = useExplain()
  const [asking, setAsking] = useState(false)
  const state = textStateOf(message, delivery, useNow(LOOK_EVERY_MS))
  const name = useApp(({ shared }) => shared.state.directory.units[unit]?.name)
  const again = async () => {
    setAsking(true)
    try {
      await engine.telephone.carryMessage.mutate({ thread: thread.name, message: message.id, unit })
    } catch (error) {
      app.message.error(explain(error))
    } finally {
      setAsking(false)
    }
  }
  return (
    <small className={styles.delivery} data-carried={state} data-carried-to={unit}>
      {thread.name.kind === 'unit' ? '' : `${name === undefined ? unit : named(name)}: `}
      {t(`threads.telephone.${state}`, {
        ...delivery?.outcome,
        who: delivery === undefined ? '' : named(delivery.by.name),
      })}
      {!fine.includes(state) && (
        <Button size="small" loading={asking} onClick={() => void again()}>
          {t('threads.telephone.again')}
        </Button>
      )}
    </small>
  )
}
