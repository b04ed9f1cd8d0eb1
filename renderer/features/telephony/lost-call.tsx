/** A call that was open when the engine ended: to be made again, or taken note of. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Call } from '../../../contract/telephony.ts'
import { useSend } from '../../app/store.ts'
import styles from './call-bar.module.css'
import { PartyName } from './party.tsx'
import { lossNoted } from './slice.ts'
import { useTelephone } from './use-telephone.ts'

export function LostCall({ call }: { call: Call }) {
  const { t } = useTranslation()
  const send = useSend()
  const act = useTelephone()
  const { id, number, line } = call
  const again = async () => {
    if (await act((telephone) => telephone.dial.mutate({ number, line }))) send(lossNoted(id))
  }
  return (
    <li className={styles.call} data-call={id} data-state="lost" role="alert">
      <span className={styles.state} data-tone="lost">
        {t('telephone.ends.lost')}
      </span>
      <PartyName {...call} />
      <Button type="primary" onClick={again}>
        {t('telephone.callAgain')}
      </Button>
      <Button onClick={() => send(lossNoted(id))}>{t('outbox.dismiss')}</Button>
    </li>
  )
}
