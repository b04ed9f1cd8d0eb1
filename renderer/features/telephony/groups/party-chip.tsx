/** One of a group call: its name, how it fares, how loud it is; what can be done with it is in its menu. */
import { Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import type { GroupParty } from '../../../../contract/telephony.ts'
import { CallLevel } from '../call-level.tsx'
import { usePartyName } from '../party.tsx'
import { type TelephoneClient, useTelephone } from '../use-telephone.ts'
import styles from './groups.module.css'

type Act = 'hear' | 'drop' | 'ring'

const acts: Readonly<Record<GroupParty['state'], readonly Act[]>> = {
  waiting: ['ring', 'drop'],
  calling: ['drop'],
  ringing: ['drop'],
  in: ['hear', 'drop'],
  over: ['ring'],
}

export function PartyChip({ group, party }: { group: string; party: GroupParty }) {
  const { t } = useTranslation()
  const act = useTelephone()
  const words = useFare(party)
  const { number, unit, state, heard, call, answeredAt } = party
  const { name } = usePartyName({ number, unit, name: null })
  const does: Readonly<Record<Act, { label: string; act(telephone: TelephoneClient): Promise<unknown> }>> = {
    hear: {
      label: t(heard ? 'groupCall.silence' : 'groupCall.letSpeak'),
      act: (telephone) => telephone.setHeard.mutate({ group, number, heard: !heard }),
    },
    drop: {
      label: t('groupCall.drop'),
      act: (telephone) => telephone.dropFromGroup.mutate({ group, number }),
    },
    ring: {
      label: t(state === 'waiting' ? 'groupCall.ring' : 'groupCall.ringAgain'),
      act: (telephone) => telephone.ringAgain.mutate({ group, numbers: [number] }),
    },
  }
  return (
    <li>
      <Dropdown
        trigger={['click']}
        menu={{
          items: acts[state].map((key) => ({ key, label: does[key].label })),
          onClick: ({ key }) => void act(does[key as Act].act),
        }}
      >
        <Button
          size="small"
          className={styles.party ?? ''}
          data-party={number}
          data-state={state}
          data-answered={answeredAt !== null || undefined}
          title={number}
        >
          <span className={styles.name}>{name}</span>
          <span className={styles.fare}>{words}</span>
        </Button>
      </Dropdown>
      {state === 'in' && call !== null && <CallLevel call={call} name={name} />}
    </li>
  )
}

/** In words how it fares. */
function useFare({ state, end, heard, answeredAt }: GroupParty): string {
  const { t } = useTranslation()
  if (state === 'in') return t(heard ? 'groupCall.states.in' : 'groupCall.states.listening')
  if (state !== 'over') return t(`groupCall.states.${state}`)
  if (answeredAt !== null && end === 'hung-up') return t('groupCall.states.here')
  return t(`telephone.ends.${end ?? 'failed'}`)
}
