/** Where a number is dialled. */
import { Button, Input, Space } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { numberSchema } from '../../../contract/telephony.ts'
import { NumberToggle } from './favourite-toggle.tsx'
import { useTelephone } from './use-telephone.ts'

export function DialField() {
  const { t } = useTranslation()
  const act = useTelephone()
  const [number, setNumber] = useState('')
  const fits = numberSchema.safeParse(number).success
  const dial = async (event: FormEvent) => {
    event.preventDefault()
    if (fits && (await act((telephone) => telephone.dial.mutate({ number })))) setNumber('')
  }
  return (
    <form onSubmit={dial}>
      <Space.Compact>
        <Input
          aria-label={t('telephone.number')}
          placeholder={t('telephone.number')}
          value={number}
          status={number === '' || fits ? '' : 'error'}
          onChange={({ target }) => setNumber(target.value.replaceAll(/[\s()-]/g, ''))}
        />
        <Button type="primary" htmlType="submit" disabled={!fits}>
          {t('telephone.call')}
        </Button>
        <NumberToggle number={fits ? number : ''} />
      </Space.Compact>
    </form>
  )
}
