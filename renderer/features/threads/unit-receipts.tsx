/** Of a message to a group: which of its units have read it, have got it, or have not. */
import { useTranslation } from 'react-i18next'
import type { Message, Thread } from '../../../contract/threads.ts'
import { listed, named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { receiptsOfUnits } from './group-receipts.ts'

export function UnitReceipts({ message, thread }: { message: Message; thread: Thread }) {
  const { t } = useTranslation()
  const units = useApp(({ shared }) => shared.state.directory.units)
  const receipts = receiptsOfUnits(thread, message, units)
  const said = (state: keyof typeof receipts) => {
    const names = receipts[state].map((id) => (units[id] === undefined ? id : named(units[id].name)))
    return names.length === 0 ? [] : [t(`threads.group.${state}`, { n: names.length, names: listed(names) })]
  }
  return (
    <small data-testid="unit-receipts">
      {[said('read'), said('delivered'), said('missing')].flat().join(' · ')}
    </small>
  )
}
