/** A call that is being made, talked in, held, or has just ended. */
import { Button, Dropdown, Popover } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Call, CallState } from '../../../contract/telephony.ts'
import { FormPopover } from '../../ui/form-popover.tsx'
import { OpenFromCall } from '../incidents/open-from.tsx'
import { PatchButton } from '../radio/patch-form.tsx'
import { InThisCall } from '../supervision/in-this-call.tsx'
import styles from './call-bar.module.css'
import { CallLevel } from './call-level.tsx'
import { Duration } from './duration.tsx'
import { Pad } from './pad.tsx'
import { PartyName, usePartyName } from './party.tsx'
import { TransferForm } from './transfer-form.tsx'
import { useTelephone } from './use-telephone.ts'

const tones: Readonly<Record<CallState, string>> = {
  dialling: 'idle',
  ringing: 'idle',
  waiting: 'ringing',
  talking: 'talking',
  holding: 'talking',
  held: 'held',
  ended: 'ended',
}

export function ActiveCall({ call, others }: { call: Call; others: readonly Call[] }) {
  const { t } = useTranslation()
  const act = useTelephone()
  const { id, state, muted } = call
  const { name } = usePartyName(call)
  const answered = state === 'talking' || state === 'holding' || state === 'held'
  return (
    <li className={styles.call} data-call={id} data-state={state}>
      <span className={styles.state} data-tone={tones[state]}>
        {call.end === null ? t(`telephone.states.${state}`) : t(`telephone.ends.${call.end.why}`)}{' '}
        {state !== 'ended' && <Duration since={call.answeredAt ?? call.startedAt} />}
        {call.conference !== null && ` · ${t('telephone.inConference')}`}
        {call.heldThere && ` · ${t('telephone.heldThere')}`}
        {muted && ` · ${t('telephone.muted')}`}
      </span>
      <PartyName {...call} />
      {answered && <CallLevel call={id} name={name} />}
      <InThisCall calls={[id]} />
      {call.quality !== null && answered && <Quality quality={call.quality} />}
      {answered && (
        <>
          {state === 'held' ? (
            <Button onClick={() => act((telephone) => telephone.resume.mutate({ call: id }))}>
              {t('telephone.resume')}
            </Button>
          ) : (
            <Button
              loading={state === 'holding'}
              onClick={() => act((telephone) => telephone.hold.mutate({ call: id }))}
            >
              {t('telephone.hold')}
            </Button>
          )}
          <Button
            aria-pressed={muted}
            onClick={() => act((telephone) => telephone.mute.mutate({ call: id, muted: !muted }))}
          >
            {t(muted ? 'telephone.unmute' : 'telephone.mute')}
          </Button>
          <Popover
            trigger="click"
            content={
              <Pad
                onDigit={(digits) => void act((telephone) => telephone.sendDtmf.mutate({ call: id, digits }))}
              />
            }
          >
            <Button>{t('telephone.pad')}</Button>
          </Popover>
          <Transfer call={call} others={others} />
          <PatchButton call={id} />
        </>
      )}
      <OpenFromCall call={call} />
      {state === 'ended' ? (
        <Button
          onClick={() => act((telephone) => telephone.dial.mutate({ number: call.number, line: call.line }))}
        >
          {t('telephone.callAgain')}
        </Button>
      ) : (
        <Button danger onClick={() => act((telephone) => telephone.hangUp.mutate({ call: id }))}>
          {t('telephone.hangUp')}
        </Button>
      )}
    </li>
  )
}

function Quality({ quality: { loss, jitterMs, mos } }: { quality: NonNullable<Call['quality']> }) {
  const { t } = useTranslation()
  const hint = t('telephone.quality', {
    mos: mos.toFixed(1),
    loss: (loss * 100).toFixed(1),
    jitter: jitterMs.toFixed(0),
  })
  const bars = mos >= 4 ? 3 : mos >= 3.3 ? 2 : 1
  return (
    <span className={styles.quality} title={hint} data-bars={bars}>
      {'▂▄▆'.slice(0, bars)}
      <span className={styles.only}>{hint}</span>
    </span>
  )
}

/** To a number, or to another call that is open here. */
function Transfer({ call, others }: { call: Call; others: readonly Call[] }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const act = useTelephone()
  const joinable = others.filter(({ state }) => state === 'talking' || state === 'held')
  return (
    <>
      {joinable.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: joinable.map((other) => ({ key: other.id, label: <PartyName {...other} /> })),
            onClick: ({ key }) =>
              act((telephone) => telephone.transferTo.mutate({ call: call.id, other: key })),
          }}
        >
          <Button>{t('telephone.join')}</Button>
        </Dropdown>
      )}
      <FormPopover
        open={open}
        onOpenChange={setOpen}
        form={<TransferForm call={call} onDone={() => setOpen(false)} />}
      >
        <Button>{t('telephone.transfer')}</Button>
      </FormPopover>
    </>
  )
}
