/** Calls a unit on the telephone, where it has a number and this seat a line. */
import { Button, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Unit } from '../../../contract/directory.ts'
import { keyName, useShortcut } from '../../app/shortcuts/shortcuts.ts'
import { useApp } from '../../app/store.ts'
import styles from './call-bar.module.css'
import { FavouriteToggle } from './favourite-toggle.tsx'
import { useTelephone } from './use-telephone.ts'

export function CallUnit({ unit }: { unit: Unit }) {
  const { t } = useTranslation()
  const act = useTelephone()
  const hasLine = useApp(({ telephony }) => telephony.lines.length > 0)
  const terminal = unit.terminals.find(({ kind }) => kind === 'sip')
  const call = () => void act((telephone) => telephone.dial.mutate({ unit: unit.id }))
  const can = hasLine && terminal?.kind === 'sip'
  useShortcut('call', call, can)
  if (!can) return null
  const words = t('telephone.callUnit', { number: terminal.number })
  return (
    <div className={styles.callUnit}>
      <Tooltip title={`${words} ${keyName('call')}`}>
        <Button type="primary" onClick={call}>
          {words}
          <kbd>{keyName('call')}</kbd>
        </Button>
      </Tooltip>
      <FavouriteToggle favourite={{ unit: unit.id }} />
    </div>
  )
}
