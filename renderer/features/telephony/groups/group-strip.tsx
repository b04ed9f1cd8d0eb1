/** A group call, broadcast or roll-call: who is in, rings or is missing, and what the officer does about it. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { GroupCall } from '../../../../contract/telephony.ts'
import { keyName, useShortcut } from '../../../app/shortcuts/shortcuts.ts'
import { useApp } from '../../../app/store.ts'
import { InThisCall } from '../../supervision/in-this-call.tsx'
import { Duration } from '../duration.tsx'
import { useTelephone } from '../use-telephone.ts'
import styles from './groups.module.css'
import { OrderButton } from './order-button.tsx'
import { PartyChip } from './party-chip.tsx'

/** More have a row of their own. */
const FEW = 6

export function GroupStrip({ group }: { group: GroupCall }) {
  const { t } = useTranslation()
  const act = useTelephone()
  const { id, kind, gathered, parties, startedAt, endedAt } = group
  const missed = parties.filter(({ state, answeredAt }) => state === 'over' && answeredAt === null)
  return (
    <li
      className={styles.group}
      data-group={id}
      data-kind={kind}
      data-state={endedAt === null ? 'open' : 'over'}
    >
      <p className={styles.title}>
        <b>{t(`groupCall.kinds.${kind}`)}</b>
        {gathered && ` · ${t('groupCall.gathered')}`} <Counts group={group} />{' '}
        {endedAt === null && <Duration since={startedAt} />}{' '}
        <InThisCall calls={parties.flatMap(({ call }) => call ?? [])} />
      </p>
      <ul
        className={styles.parties}
        data-many={parties.length > FEW || undefined}
        aria-label={t('groupCall.parties', { kind: t(`groupCall.kinds.${kind}`) })}
      >
        {(endedAt === null ? parties : missed).map((party) => (
          <PartyChip key={party.number} group={id} party={party} />
        ))}
      </ul>
      <div className={styles.acts}>
        {endedAt === null && <OpenActs group={group} />}
        {missed.length > 0 && (
          <Button
            onClick={() => act((telephone) => telephone.ringAgain.mutate({ group: id, numbers: null }))}
          >
            {t('groupCall.ringMissed')}
          </Button>
        )}
        {endedAt === null ? (
          <Button danger onClick={() => act((telephone) => telephone.endGroup.mutate({ group: id }))}>
            {t('groupCall.end')}
          </Button>
        ) : (
          <Button onClick={() => act((telephone) => telephone.dismissGroup.mutate({ group: id }))}>
            {t('groupCall.close')}
          </Button>
        )}
      </div>
    </li>
  )
}

function Counts({ group: { parties, endedAt } }: { group: GroupCall }) {
  const { t } = useTranslation()
  const many = (...states: string[]) => parties.filter(({ state }) => states.includes(state)).length
  const all = parties.length
  const answered = parties.filter(({ answeredAt }) => answeredAt !== null).length
  return (
    <span className={styles.counts} aria-live="polite">
      {endedAt === null
        ? t('groupCall.counts', { in: many('in'), ringing: many('calling', 'ringing'), answered, all })
        : t('groupCall.over', { answered, all })}
    </span>
  )
}

function OpenActs({ group: { id, kind, gathered, parties } }: { group: GroupCall }) {
  const { t } = useTranslation()
  const act = useTelephone()
  const inside = parties.find(({ state }) => state === 'in')
  const muted = useApp(({ telephony }) =>
    telephony.calls.some((call) => call.conference === id && call.muted && call.state !== 'ended'),
  )
  const inTurn = kind === 'roll-call' && !gathered
  return (
    <>
      {inTurn && <InTurn group={id} parties={parties} />}
      {inside?.call && (
        <Button
          aria-pressed={muted}
          onClick={() =>
            act((telephone) => telephone.mute.mutate({ call: inside.call ?? '', muted: !muted }))
          }
        >
          {t(muted ? 'groupCall.unmuteMe' : 'groupCall.muteMe')}
        </Button>
      )}
      <OrderButton group={id} />
    </>
  )
}

/** What a roll-call has besides: on to the next, and all who answered into one conversation. */
function InTurn({ group, parties }: { group: string; parties: GroupCall['parties'] }) {
  const { t } = useTranslation()
  const act = useTelephone()
  const next = () => void act((telephone) => telephone.nextInRollCall.mutate({ group }))
  const busy = parties.some(({ state }) => state !== 'over')
  useShortcut('next', next, busy)
  return (
    <>
      <Button type="primary" disabled={!busy} onClick={next}>
        {t('groupCall.next')} <kbd>{keyName('next')}</kbd>
      </Button>
      <Button
        disabled={!parties.some(({ answeredAt }) => answeredAt !== null)}
        onClick={() => act((telephone) => telephone.gatherRollCall.mutate({ group }))}
      >
        {t('groupCall.gather')}
      </Button>
    </>
  )
}
