/** What a channel's card says in its one line. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Talker } from '../../../contract/radio.ts'
import { linkFaults } from '../../../contract/seat-radio.ts'
import { useAge } from '../../ui/age.ts'
import { clock, Duration } from '../telephony/duration.tsx'
import type { CardLine, Talking } from './card-line.ts'
import styles from './channels.module.css'
import { TalkerName, useTalkerName } from './talker-name.tsx'

export function ChannelLine({ line, now }: { line: CardLine; now: number }) {
  return <span className={styles.line}>{content(line, now)}</span>
}

function content(line: CardLine, now: number): ReactNode {
  switch (line.kind) {
    case 'unheard':
      return <Words of="unheard" />
    case 'quiet':
      return <Words of="quiet" />
    case 'asking':
      return <Words of="asking" sign="…" />
    case 'link':
      return <LinkWords link={line.link} now={now} />
    case 'queued':
      return <Queued place={line.place} talker={line.talker} />
    case 'talking':
      return <Sending talk={line.talk} now={now} />
    case 'stopped':
      return <Stopped how={line.how} />
    case 'receiving':
      return <Receiving reception={line.reception} />
    case 'taken':
      return <Taken by={line.by} emergency={line.emergency} />
    case 'heard':
      return <Heard last={line.last} now={now} />
  }
}

type Of<Kind extends CardLine['kind']> = Extract<CardLine, { kind: Kind }>

function Words({ of, sign }: { of: 'unheard' | 'quiet' | 'asking'; sign?: string }) {
  const { t } = useTranslation()
  return (
    <>
      {sign !== undefined && <i aria-hidden="true">{sign}</i>}
      {t(`radio.${of}`)}
    </>
  )
}

function LinkWords({ link, now }: { link: Of<'link'>['link']; now: number }) {
  const { t } = useTranslation()
  const age = useAge()
  if (link === undefined) return t('radio.engineWanted')
  const words = t('radio.linkSince', { state: t(`radio.links.${link.state}`), age: age(now - link.since) })
  const fault = linkFaults.find((each) => each === link.why)
  const why = fault === undefined ? link.why : t(`radio.linkFaults.${fault}`)
  return (
    <span title={why ?? undefined}>
      <i aria-hidden="true">◆</i> {words}
      {why !== null && ` · ${why}`}
    </span>
  )
}

function Queued({ place, talker }: { place: number; talker: Talker | undefined }) {
  const { t } = useTranslation()
  return (
    <>
      <i aria-hidden="true">◷</i>
      {t('radio.queued', { place: place + 1 })}
      {talker !== undefined && <TalkerName talker={talker} />}
    </>
  )
}

function Sending({
  talk: { since, until, ending, emergency },
  now,
}: {
  talk: Of<'talking'>['talk']
  now: number
}) {
  const { t } = useTranslation()
  const left = Math.max(0, Math.ceil((until - now) / 1000))
  return (
    <>
      <i aria-hidden="true">▲</i>
      <b>{emergency ? `${t('radio.talking')} · ${t('radio.emergency')}` : t('radio.talking')}</b>
      {ending ? (
        <b>{t('radio.secondsLeft', { n: left })}</b>
      ) : (
        <span>
          <Duration since={since} /> / {clock(Math.round((until - since) / 1000))}
        </span>
      )}
    </>
  )
}

function Stopped({ how }: { how: Of<'stopped'>['how'] }) {
  const { t } = useTranslation()
  return (
    <>
      <i aria-hidden="true">✕</i>
      <b>{how.state === 'refused' ? t(`radio.refused.${how.why}`) : t(`radio.cut.${how.why}`)}</b>
    </>
  )
}

function Receiving({ reception: { talker, since, emergency } }: { reception: Talking }) {
  const { t } = useTranslation()
  return (
    <>
      <i aria-hidden="true">{emergency ? '▲' : '●'}</i>
      {emergency && <b className={styles.word}>{t('radio.emergency')}</b>}
      <TalkerName talker={talker} />
      <Duration since={since} />
    </>
  )
}

function Taken({ by, emergency }: Pick<Of<'taken'>, 'by' | 'emergency'>) {
  const { t } = useTranslation()
  return (
    <>
      <i aria-hidden="true">{emergency ? '▲' : '◈'}</i>
      {emergency && <b className={styles.word}>{t('radio.emergency')}</b>}
      <TalkerName talker={by} />
      <span>{t('radio.taken')}</span>
    </>
  )
}

function Heard({ last: { talker, at, ms }, now }: { last: Of<'heard'>['last']; now: number }) {
  const { t } = useTranslation()
  const age = useAge()
  const who = useTalkerName(talker)
  const hint = t('radio.heardHint', {
    who,
    radio: talker.radio ?? '–',
    time: new Date(at).toLocaleTimeString('en-GB'),
    seconds: Math.round(ms / 1000),
  })
  return <span title={hint}>{t('radio.heard', { who, age: age(now - at) })}</span>
}
