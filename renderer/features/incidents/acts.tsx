/** What can be done about an incident as a whole, in the state that it is in. */
import { Button, Dropdown, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Grade, grades } from '../../../contract/deadlines.ts'
import { type Incident, incidentTable, isIncidentOver, outcomes } from '../../../contract/incidents.ts'
import { useApp } from '../../app/store.ts'
import { useSubmit } from '../../app/submit.ts'
import { FormPopover } from '../../ui/form-popover.tsx'
import { OpenRoom } from '../rooms/open-room.tsx'
import { useOpenThread } from '../threads/use-thread.ts'
import { Guests } from './guests.tsx'
import styles from './incidents.module.css'
import { TakeOut } from './take-out.tsx'
import type { Rights } from './use-rights.ts'
import { WordsForm } from './words-form.tsx'

export function Acts({ incident, rights }: { incident: Incident; rights: Rights }) {
  const { t } = useTranslation()
  const submit = useSubmit()
  const openThread = useOpenThread()
  const { id, state, grade, officers } = incident
  const can = incidentTable[state]
  const works = rights.workOn(incident)
  const takesPart = officers.some(({ account }) => account === rights.account?.id)
  return (
    <fieldset className={styles.acts} aria-label={t('incident.acts')}>
      {works && can.grade !== undefined && (
        <Segmented<Grade>
          aria-label={t('details.grade')}
          // Nothing is chosen before somebody has.
          value={grade as Grade}
          options={grades.map((value) => ({ value, label: t(`grades.${value}`) }))}
          onChange={(next) => submit({ kind: 'incident.grade', incident: id, saw: grade, grade: next })}
        />
      )}
      {!isIncidentOver(incident) && (
        <Button
          aria-pressed={takesPart}
          onClick={() => submit({ kind: takesPart ? 'incident.leave' : 'incident.join', incident: id })}
        >
          {t(takesPart ? 'incident.leave' : 'incident.join')}
        </Button>
      )}
      <Button onClick={() => openThread({ kind: 'incident', incident: id })}>{t('threads.message')}</Button>
      {works && can.close !== undefined && <Close incident={incident} />}
      {works && can.review !== undefined && (
        <Worded step="review" submit={(words) => submit({ kind: 'incident.review', incident: id, words })} />
      )}
      {works && can.reopen !== undefined && (
        <Worded step="reopen" submit={(words) => submit({ kind: 'incident.reopen', incident: id, words })} />
      )}
      {works && can.merge !== undefined && <Merge incident={incident} />}
      {works && !isIncidentOver(incident) && <Guests incident={incident} />}
      {incident.invited.some(({ account }) => account === rights.account?.id) && <Decline incident={id} />}
      {!isIncidentOver(incident) && (
        <OpenRoom
          scope={{ kind: 'incident', incident: id }}
          name={incident.title}
          invite={[...officers, ...incident.invited].map(({ account }) => account)}
        />
      )}
      {rights.takeOut(incident) && <TakeOut incident={id} />}
    </fieldset>
  )
}

function Close({ incident: { id } }: { incident: Incident }) {
  const { t } = useTranslation()
  const submit = useSubmit()
  const [open, setOpen] = useState(false)
  const [outcome, setOutcome] = useState<(typeof outcomes)[number]>('settled')
  const close = async (words: string | null) => {
    const done = await submit({ kind: 'incident.close', incident: id, outcome, words })
    if (done !== 'refused') setOpen(false)
  }
  return (
    <FormPopover
      open={open}
      onOpenChange={setOpen}
      form={
        <WordsForm
          needed={false}
          label={t('incident.closeWords')}
          confirm={t('steps.close')}
          onConfirm={close}
        >
          <Select
            aria-label={t('incident.outcome')}
            value={outcome}
            options={outcomes.map((value) => ({ value, label: t(`outcomes.${value}`) }))}
            onChange={setOutcome}
          />
        </WordsForm>
      }
    >
      <Button>{t('steps.close')}…</Button>
    </FormPopover>
  )
}

interface WordedProps {
  readonly step: 'review' | 'reopen'
  submit(words: string): Promise<'done' | 'queued' | 'refused'>
}

function Worded({ step, submit }: WordedProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <FormPopover
      open={open}
      onOpenChange={setOpen}
      form={
        <WordsForm
          needed
          label={t(`incident.${step}Words`)}
          confirm={t(`steps.${step}`)}
          onConfirm={async (words) => {
            if (words !== null && (await submit(words)) !== 'refused') setOpen(false)
          }}
        />
      }
    >
      <Button>{t(`steps.${step}`)}…</Button>
    </FormPopover>
  )
}

function Decline({ incident }: { incident: string }) {
  const { t } = useTranslation()
  const submit = useSubmit()
  return (
    <FormPopover
      form={
        <WordsForm
          needed
          label={t('incident.reason')}
          confirm={t('incident.decline')}
          onConfirm={async (words) => {
            if (words !== null) await submit({ kind: 'incident.decline', incident, reason: words })
          }}
        />
      }
    >
      <Button>{t('incident.decline')}…</Button>
    </FormPopover>
  )
}

function Merge({ incident: { id } }: { incident: Incident }) {
  const { t } = useTranslation()
  const submit = useSubmit()
  const live = useApp(({ shared }) => shared.state.incidents.live)
  const others = Object.values(live).filter((other) => other.id !== id && !isIncidentOver(other))
  if (others.length === 0) return null
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: others.map(({ id: into, number, title }) => ({
          key: into,
          label: t('incident.mergeInto', { into: `#${number} ${title}` }),
        })),
        onClick: ({ key }) => submit({ kind: 'incident.merge', incident: id, into: key }),
      }}
    >
      <Button>{t('steps.merge')}…</Button>
    </Dropdown>
  )
}
