/** Who talks on a channel: the unit or seat if it is known, else what the radio calls itself. */
import { useTranslation } from 'react-i18next'
import type { Talker } from '../../../contract/radio.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { UnitSymbol } from '../units/unit-symbol.tsx'

export function useTalkerName({ radio, unit, account, name }: Talker): string {
  const { t } = useTranslation()
  const known = useApp(({ shared: { state } }) =>
    unit === null
      ? state.access.accounts[account ?? '']?.name
      : (state.directory.units[unit]?.name ?? state.access.accounts[account ?? '']?.name),
  )
  const shown = known ?? name
  return shown === undefined ? (radio ?? account ?? t('radio.unknown')) : named(shown)
}

export function TalkerName({ talker }: { talker: Talker }) {
  const name = useTalkerName(talker)
  const unit = useApp(({ shared }) => shared.state.directory.units[talker.unit ?? ''])
  const agency = useApp(({ shared }) => shared.state.directory.agencies[unit?.agency ?? '']?.kind) ?? 'other'
  return (
    <>
      {unit !== undefined && <UnitSymbol agency={agency} kind={unit.kind} state={unit.state} />}
      <b title={talker.radio === null ? name : `${name} · ${talker.radio}`}>{name}</b>
    </>
  )
}
