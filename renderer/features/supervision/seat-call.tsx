/** A call at another seat, with the acts that this officer may do to it now. */
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type BoardCall, isListening, type SeatAct } from '../../../contract/supervision.ts'
import { useApp } from '../../app/store.ts'
import { Duration } from '../telephony/duration.tsx'
import { PartyName } from '../telephony/party.tsx'
import { ReasonForm } from './reason-form.tsx'
import styles from './supervision.module.css'
import { useSupervision } from './use-supervision.ts'

export function SeatCallRow({ seat, call }: { seat: string; call: BoardCall }) {
  const { t } = useTranslation()
  const { act, busy, failure } = useSupervision()
  const own = useApp(({ supervision }) => supervision.own)
  const [asked, setAsked] = useState<SeatAct>()
  const { id, acts, state, direction, conference } = call
  const mine = own?.call.id === id
  // What goes on is changed where it is shown.
  const offered = acts.filter((each) => !(mine && isListening(each)))
  // It may have become impossible while the reason was thought about.
  const open = asked !== undefined && offered.includes(asked) ? asked : undefined

  const choose = (chosen: SeatAct) => {
    if (chosen === 'pick-up') void act((supervision) => supervision.pickUp.mutate({ seat, call: id }))
    else setAsked(chosen === asked ? undefined : chosen)
  }
  const confirm = async (reason: string) => {
    if (open === undefined) return
    const done = await act((supervision) =>
      isListening(open)
        ? supervision.begin.mutate({ seat, call: id, mode: open, reason })
        : supervision.release.mutate({ seat, call: id, reason }),
    )
    if (done) setAsked(undefined)
  }

  return (
    <li className={styles.call} data-call={id} data-state={state}>
      <div className={styles.what}>
        <span title={t(`telephone.directions.${direction}`)}>{direction === 'in' ? '↙' : '↗'}</span>
        <PartyName {...call} name={null} />
        <span className={styles.state}>
          {call.priority && state === 'waiting' ? t('telephone.urgent') : t(`supervision.states.${state}`)}
          {conference !== null && ` · ${t('telephone.inConference')}`} <Duration since={call.since} />
        </span>
      </div>
      {(offered.length > 0 || mine) && (
        <div className={styles.acts}>
          {mine && own !== null && (
            <span className={styles.mine}>
              {own.state === 'asking' ? t('supervision.asking') : t(`supervision.doing.${own.mode}`)}
            </span>
          )}
          {offered.map((each) => (
            <Button
              key={each}
              type={each === 'pick-up' ? 'primary' : 'default'}
              danger={each === 'release'}
              aria-expanded={each === 'pick-up' ? undefined : open === each}
              loading={busy && (each === 'pick-up' || open === each)}
              title={t(`supervision.hints.${each}`)}
              onClick={() => choose(each)}
            >
              {t(`supervision.acts.${each}`)}
            </Button>
          ))}
        </div>
      )}
      {open !== undefined && open !== 'pick-up' && (
        <ReasonForm
          key={open}
          act={open}
          busy={busy}
          onConfirm={(reason) => void confirm(reason)}
          onCancel={() => setAsked(undefined)}
        />
      )}
      {failure !== undefined && (
        <p className={styles.failure} role="alert">
          {failure}
        </p>
      )}
    </li>
  )
}
