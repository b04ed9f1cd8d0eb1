/** Shows an entry to the field's page for whoever is out there with the unit: scanned by a phone, good once and for minutes. */
import { Button, Popover, QRCode } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Unit } from '../../../contract/directory.ts'
import type { FieldEntry } from '../../../contract/field.ts'
import { may } from '../../../contract/permissions.ts'
import { currentGrants, unitTarget } from '../../../contract/visibility.ts'
import { engine } from '../../app/engine.ts'
import { useApp } from '../../app/store.ts'
import { useNow } from '../../ui/age.ts'
import { useExplain } from '../../ui/refusal.ts'
import styles from './field-pass.module.css'

export function FieldPass({ unit }: { unit: Unit }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const allowed = useApp(({ shared: { state }, session }) => {
    if (session.session?.kind !== 'signed-in') return false
    const grants = currentGrants(state, session.session.account.id)
    return may(grants, 'task', unitTarget(state, unit), Date.now())
  })
  if (!allowed || !unit.terminals.some(({ kind }) => kind === 'field')) return null
  return (
    <Popover
      trigger="click"
      placement="left"
      destroyOnHidden
      open={open}
      onOpenChange={setOpen}
      content={<Entry unit={unit} />}
    >
      <Button>{t('field.entry')}</Button>
    </Popover>
  )
}

function Entry({ unit }: { unit: Unit }) {
  const { t } = useTranslation()
  const explain = useExplain()
  const now = useNow()
  const [entry, setEntry] = useState<FieldEntry>()
  const [failure, setFailure] = useState<string>()
  const [asking, setAsking] = useState(false)
  const ask = async () => {
    setAsking(true)
    setFailure(undefined)
    try {
      setEntry(await engine.field.invite.mutate({ unit: unit.id }))
    } catch (error) {
      setFailure(explain(error))
    } finally {
      setAsking(false)
    }
  }
  const left = entry === undefined ? 0 : Math.max(0, Math.ceil((entry.until - now) / 1000))
  return (
    <div className={styles.entry}>
      <p>{t('field.hint')}</p>
      {entry !== undefined && (
        <>
          <QRCode value={entry.url} status={left > 0 ? 'active' : 'expired'} onRefresh={ask} size={220} />
          <p role="status">{left > 0 ? t('field.left', { n: left }) : t('field.over')}</p>
        </>
      )}
      {failure !== undefined && <p role="alert">{failure}</p>}
      {left === 0 && (
        <Button type="primary" loading={asking} onClick={ask}>
          {t(entry === undefined ? 'field.show' : 'field.another')}
        </Button>
      )}
    </div>
  )
}
