/** A group call that was open when the engine ended: to be made again, or taken note of. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { GroupCall } from '../../../../contract/telephony.ts'
import { useSend } from '../../../app/store.ts'
import { lossNoted } from '../slice.ts'
import { useTelephone } from '../use-telephone.ts'
import styles from './groups.module.css'

export function LostGroup({ group: { id, kind, stay, parties } }: { group: GroupCall }) {
  const { t } = useTranslation()
  const send = useSend()
  const act = useTelephone()
  const answered = parties.filter(({ answeredAt }) => answeredAt !== null).length
  const again = async () => {
    const callees = parties.map(({ number }) => ({ number }))
    if (await act((telephone) => telephone.startGroup.mutate({ kind, stay, callees }))) send(lossNoted(id))
  }
  return (
    <li className={styles.group} data-group={id} data-state="lost" role="alert">
      <p className={styles.title}>
        <b>{t(`groupCall.kinds.${kind}`)}</b> {t('groupCall.lost', { answered, all: parties.length })}
      </p>
      <div className={styles.acts}>
        <Button type="primary" onClick={again}>
          {t('groupCall.callAllAgain')}
        </Button>
        <Button onClick={() => send(lossNoted(id))}>{t('outbox.dismiss')}</Button>
      </div>
    </li>
  )
}
