/** Which shape is which agency. */
import { useTranslation } from 'react-i18next'
import { type AgencyKind, agencyKinds } from '../../../contract/directory.ts'
import { useApp } from '../../app/store.ts'
import { UnitSymbol } from '../units/unit-symbol.tsx'
import styles from './map.module.css'

export function Legend({ hidden }: { hidden: ReadonlySet<AgencyKind> }) {
  const { t } = useTranslation()
  const agencies = useApp(({ shared }) => shared.state.directory.agencies)
  const present = new Set(Object.values(agencies).map(({ kind }) => kind))
  const shown = agencyKinds.filter(
    (kind) => present.has(kind) && kind !== 'operation-centre' && !hidden.has(kind),
  )
  if (shown.length === 0) return null
  return (
    <ul className={styles.legend} aria-label={t('map.legend')}>
      {shown.map((kind) => (
        <li key={kind}>
          <UnitSymbol agency={kind} />
          {t(`agencyKinds.${kind}`)}
        </li>
      ))}
      <li>
        <UnitSymbol agency="police" stale />
        {t('map.stale')}
      </li>
    </ul>
  )
}
