/** What this officer does at another seat just now, and what has been done to the calls of this one. */
import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import type { OwnSupervision, SeatNote } from '../../../contract/seat-supervision.ts'
import { isListening, type ListeningMode } from '../../../contract/supervision.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { Duration } from '../telephony/duration.tsx'
import { EarMeter } from '../telephony/ear-meter.tsx'
import { PartyName, usePartyName } from '../telephony/party.tsx'
import styles from './supervision.module.css'
import { useSupervision } from './use-supervision.ts'

export function SupervisionStrip() {
  const { t } = useTranslation()
  const { own, notes } = useApp(({ supervision }) => supervision)
  if (own === null && notes.length === 0) return null
  return (
    <section className={styles.strip} aria-label={t('supervision.strip')}>
      {own !== null && <Own own={own} />}
      {notes.map((note) => (
        <Note key={note.id} note={note} />
      ))}
    </section>
  )
}

function Own({ own }: { own: OwnSupervision }) {
  const { t } = useTranslation()
  const { act, failure } = useSupervision()
  const { seat, name, call, mode, state, since, elsewhere, silent } = own
  const seats = useApp(({ supervision }) => supervision.seats)
  const acts = seats?.find((each) => each.seat === seat)?.calls.find(({ id }) => id === call.id)?.acts ?? []
  const modes = acts.filter(isListening)
  return (
    <div className={styles.own} data-mode={mode} data-state={state}>
      <b className={styles.mode}>
        {state === 'asking' ? t('supervision.asking') : t(`supervision.doing.${mode}`)}
      </b>
      <Duration since={since} />
      <b>{named(name)}</b>
      <span>⇄</span>
      <PartyName {...call} name={null} />
      <EarMeter />
      {modes.length > 1 && (
        <Segmented<ListeningMode>
          aria-label={t('supervision.mode')}
          value={mode}
          disabled={state !== 'on'}
          options={modes.map((each) => ({ value: each, label: t(`supervision.acts.${each}`) }))}
          onChange={(next) => void act((supervision) => supervision.setMode.mutate({ mode: next }))}
        />
      )}
      <Button danger onClick={() => void act((supervision) => supervision.end.mutate())}>
        {t('supervision.end')}
      </Button>
      {elsewhere && <span className={styles.warning}>{t('supervision.elsewhere')}</span>}
      {silent && <span className={styles.warning}>{t('supervision.silent')}</span>}
      {failure !== undefined && (
        <span className={styles.failure} role="alert">
          {failure}
        </span>
      )}
    </div>
  )
}

function Note({ note: { id, kind, by, number, unit, reason, how, at } }: { note: SeatNote }) {
  const { t } = useTranslation()
  const { act } = useSupervision()
  const { name } = usePartyName({ unit, number, name: null })
  const words = { by: named(by), party: name, reason: reason ?? '' }
  return (
    <div className={styles.note} role={kind === 'picked-up' ? 'status' : 'alert'} data-note={kind}>
      <time>{new Date(at).toLocaleTimeString('en-GB')}</time>
      <span>
        {t(`supervision.notes.${kind}`, words)}
        {how !== null && ` ${t(`supervision.ends.${how}`)}`}
      </span>
      <Button onClick={() => void act((supervision) => supervision.dismiss.mutate({ id }))}>
        {t('outbox.dismiss')}
      </Button>
    </div>
  )
}
