/** Writes to the crew of a unit, where it has an account in the field or a telephone. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Unit } from '../../../contract/directory.ts'
import { keyName, useShortcut } from '../../app/shortcuts/shortcuts.ts'
import { reachedBy } from './broadcast-state.ts'
import { useOpenThread } from './use-thread.ts'

export function MessageUnit({ unit }: { unit: Unit }) {
  const { t } = useTranslation()
  const open = useOpenThread()
  const can = reachedBy(unit) !== undefined
  const write = () => open({ kind: 'unit', unit: unit.id })
  useShortcut('message', write, can)
  if (!can) return null
  return (
    <Button onClick={write}>
      {t('threads.message')} <kbd>{keyName('message')}</kbd>
    </Button>
  )
}
