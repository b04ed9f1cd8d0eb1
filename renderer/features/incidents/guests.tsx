/** Joint duty: invites officers of other agencies to this one incident, and sends them off again. */
import { Button, Popover } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Incident, Person } from '../../../contract/incidents.ts'
import { engine } from '../../app/engine.ts'
import { named } from '../../app/i18n/index.ts'
import { useSubmit } from '../../app/submit.ts'
import { useExplain } from '../../ui/refusal.ts'
import styles from './incidents.module.css'

export function Guests({ incident: { id, invited } }: { incident: Incident }) {
  const { t } = useTranslation()
  const submit = useSubmit()
  const explain = useExplain()
  const [offered, setOffered] = useState<readonly Person[]>([])
  const [failed, setFailed] = useState<string>()
  const ask = (open: boolean) => {
    if (!open) return
    engine.incidents.guests.query({ incident: id }).then(
      (guests) => {
        setOffered(guests)
        setFailed(undefined)
      },
      (error) => setFailed(explain(error)),
    )
  }
  const isInvited = (account: string) => invited.some((person) => person.account === account)
  const invite = (account: string) =>
    submit({ kind: 'incident.invite', incident: id, account, grant: crypto.randomUUID() })
  const revoke = (account: string) =>
    submit({ kind: 'incident.revoke', incident: id, account, reason: t('incident.revoked') })
  return (
    <Popover
      trigger="click"
      destroyOnHidden
      onOpenChange={ask}
      title={t('incident.inviteHint')}
      content={
        <ul className={styles.guests}>
          {failed !== undefined && <li role="alert">{failed}</li>}
          {invited.map(({ account, name }) => (
            <li key={account}>
              ● {named(name)}
              <Button danger onClick={() => revoke(account)}>
                {t('incident.revoke')}
              </Button>
            </li>
          ))}
          {offered
            .filter(({ account }) => !isInvited(account))
            .map(({ account, name }) => (
              <li key={account}>
                {named(name)}
                <Button onClick={() => invite(account)}>{t('incident.invite')}</Button>
              </li>
            ))}
          {failed === undefined && offered.length + invited.length === 0 && <li>{t('incident.noGuests')}</li>}
        </ul>
      }
    >
      <Button>
        {t('incident.jointDuty')}
        {invited.length > 0 && ` ${invited.length}`}
      </Button>
    </Popover>
  )
}
