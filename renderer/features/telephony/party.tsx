/** Who is at the other side of a call: the unit whose number it is, else what the exchange says. */
import type { Call } from '../../../contract/telephony.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import styles from './call-bar.module.css'

type Party = Pick<Call, 'unit' | 'name' | 'number'>

/** The name to show, and the number where the name is not just that. */
export function usePartyName({ unit, name, number }: Party): { name: string; number: string | undefined } {
  const known = useApp(({ shared }) => (unit === null ? undefined : shared.state.directory.units[unit]))
  const shown = known === undefined ? (name ?? number) : named(known.name)
  return { name: shown, number: shown === number ? undefined : number }
}

export function PartyName(party: Party) {
  const { name, number } = usePartyName(party)
  return (
    <span className={styles.party}>
      <b>{name}</b>
      {number !== undefined && <span className={styles.number}>{number}</span>}
    </span>
  )
}
