/** A call that rings here. */
import { Button, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Call } from '../../../contract/telephony.ts'
import { keyName } from '../../app/shortcuts/shortcuts.ts'
import { OpenFromCall } from '../incidents/open-from.tsx'
import styles from './call-bar.module.css'
import { Duration } from './duration.tsx'
import { PartyName } from './party.tsx'
import { useTelephone } from './use-telephone.ts'

/** `first`: the one that the key answers. */
export function WaitingCall({ call, first }: { call: Call; first: boolean }) {
  const { t } = useTranslation()
  const act = useTelephone()
  const answer = () => void act((telephone) => telephone.answer.mutate({ call: call.id }))
  return (
    <li className={styles.call} data-call={call.id} data-state="waiting">
      <span className={styles.state} data-tone="ringing">
        {call.priority ? t('telephone.urgent') : t('telephone.states.waiting')}{' '}
        <Duration since={call.startedAt} />
      </span>
      <PartyName {...call} />
      <Tooltip title={first ? `${t('telephone.answer')} ${keyName('answer')}` : t('telephone.answer')}>
        <Button type="primary" className={styles.answer ?? ''} onClick={answer}>
          {t('telephone.answer')}
          {first && <kbd>{keyName('answer')}</kbd>}
        </Button>
      </Tooltip>
      <OpenFromCall call={call} />
      <Button onClick={() => act((telephone) => telephone.reject.mutate({ call: call.id }))}>
        {t('telephone.reject')}
      </Button>
    </li>
  )
}
