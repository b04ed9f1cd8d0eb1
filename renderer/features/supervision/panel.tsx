/** The other seats: who sits there, their calls, and what this officer may do about them. */
import { useTranslation } from 'react-i18next'
import type { BoardSeat } from '../../../contract/supervision.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { SeatCallRow } from './seat-call.tsx'
import styles from './supervision.module.css'

/** Where the key that shows the panel puts the focus. */
export const SEATS_PANEL = 'seats-panel'

export function SeatsPanel() {
  const { t } = useTranslation()
  const seats = useApp(({ supervision }) => supervision.seats)
  return (
    <section id={SEATS_PANEL} className={styles.panel} tabIndex={-1}>
      {seats === null ? (
        <p className={styles.empty}>{t('supervision.hubAway')}</p>
      ) : seats.length === 0 ? (
        <p className={styles.empty}>{t('supervision.nobody')}</p>
      ) : (
        <ul className={styles.seats}>
          {/* As they came: nothing moves under the pointer. */}
          {seats.map((seat) => (
            <Seat key={seat.seat} seat={seat} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Seat({ seat: { seat, account, name, calls } }: { seat: BoardSeat }) {
  const { t } = useTranslation()
  return (
    <li className={styles.seat} data-account={account}>
      <p className={styles.name}>
        {named(name)}
        <span className={styles.idle}>{calls.length === 0 && t('supervision.noCalls')}</span>
      </p>
      {calls.length > 0 && (
        <ul className={styles.calls}>
          {calls.map((call) => (
            <SeatCallRow key={call.id} seat={seat} call={call} />
          ))}
        </ul>
      )}
    </li>
  )
}
