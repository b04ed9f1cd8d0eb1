/** Asks for the number a call is to go to. */
import { Button, Input, Space } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Call, numberSchema } from '../../../contract/telephony.ts'
import { useTelephone } from './use-telephone.ts'

export function TransferForm({ call, onDone }: { call: Call; onDone(): void }) {
  const { t } = useTranslation()
  const act = useTelephone()
  const [number, setNumber] = useState('')
  const fits = numberSchema.safeParse(number).success
  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (fits && (await act((telephone) => telephone.transfer.mutate({ call: call.id, number })))) onDone()
  }
  return (
    <form onSubmit={send}>
      <Space.Compact>
        <Input
          aria-label={t('telephone.transferTo')}
          placeholder={t('telephone.transferTo')}
          value={number}
          onChange={({ target }) => setNumber(target.value.trim())}
        />
        <Button type="primary" htmlType="submit" disabled={!fits}>
          {t('telephone.transfer')}
        </Button>
      </Space.Compact>
    </form>
  )
}
