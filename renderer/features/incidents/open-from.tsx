/** Opens an incident from a call or an alarm: the caller, and where the unit is, are taken over. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { RadioAlarm } from '../../../contract/radio-journal.ts'
import type { Call } from '../../../contract/telephony.ts'
import { useBeginDraft } from './use-draft.ts'
import { useRights } from './use-rights.ts'

export function OpenFromCall({ call }: { call: Call }) {
  const { t } = useTranslation()
  const draft = useBeginDraft()
  const { open } = useRights()
  if (!open) return null
  return <Button onClick={() => draft.from(call)}>{t('incident.openShort')}</Button>
}

export function OpenFromAlarm({ alarm }: { alarm: RadioAlarm }) {
  const { t } = useTranslation()
  const draft = useBeginDraft()
  const { open } = useRights()
  if (!open) return null
  return <Button onClick={() => draft.fromAlarm(alarm)}>{t('incident.openShort')}</Button>
}
