/** The bar to talk with: on which channels, how it goes, and one big button for all of them. */
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp, useSend } from '../../app/store.ts'
import { useNow } from '../../ui/age.ts'
import { takesText } from '../../ui/typing.ts'
import { type CardLine, toneOf } from './card-line.ts'
import { ChannelLine } from './channel-line.tsx'
import { PushToTalk } from './push-to-talk.tsx'
import { selectedChannels } from './selectors.ts'
import { urgencySet } from './slice.ts'
import { type Spoken, spokenLine } from './spoken.ts'
import styles from './talk-bar.module.css'
import { useTalkKeys } from './use-talk-keys.ts'

export function TalkBar() {
  const { t } = useTranslation()
  const now = useNow()
  const any = useApp(({ radio }) => radio.radio.channels.length > 0)
  const seats = useApp(({ radio }) => radio.radio.channels)
  const held = useApp(({ radio }) => radio.held)
  const selected = useApp(selectedChannels, (a, b) => a.join() === b.join())
  useTalkKeys()
  if (!any) return null
  const spoken = spokenLine(seats, held, selected)
  const tone = spoken.line === undefined ? 'idle' : toneOf(spoken.line)
  return (
    <section className={styles.bar} aria-label={t('radio.bar')} data-tone={tone} data-testid="talk-bar">
      <div className={styles.words}>
        <b className={styles.where}>
          <Names channels={spoken.channels} />
          {spoken.onAir > 0 && spoken.onAir < spoken.channels.length && (
            <span>· {t('radio.some', { n: spoken.onAir, of: spoken.channels.length })}</span>
          )}
        </b>
        {spoken.line === undefined ? (
          <Hint selected={selected} />
        ) : (
          <ChannelLine line={spoken.line} now={now} />
        )}
        <TimeLeft spoken={spoken} now={now} />
      </div>
      <Urgency />
      <PushToTalk name="bar" channels={selected} className={styles.big} title={t('radio.holdHint')}>
        {t(`radio.${bigWords(spoken.line)}`)}
        <kbd>Space</kbd>
      </PushToTalk>
    </section>
  )
}

function bigWords(line: CardLine | undefined) {
  switch (line?.kind) {
    case 'asking':
      return 'bigAsking'
    case 'queued':
      return 'bigQueued'
    case 'talking':
      return 'bigTalking'
    case 'stopped':
      return 'bigStopped'
    default:
      return 'big'
  }
}

function Names({ channels }: { channels: readonly Id[] }) {
  const { t } = useTranslation()
  const known = useApp(({ shared }) => shared.state.directory.channels)
  const names = channels.flatMap((id) => (known[id] === undefined ? [] : [named(known[id].name)]))
  const [first] = names
  if (first === undefined) return <span>{t('radio.noneSelected')}</span>
  return (
    <span title={names.join(' · ')}>
      {names.length < 3 ? names.join(' · ') : t('radio.many', { name: first, n: names.length })}
    </span>
  )
}

/** What the space bar does just now. */
function Hint({ selected }: { selected: readonly Id[] }) {
  const { t } = useTranslation()
  const mode = useApp(({ settings }) => settings.seat.pushToTalk.mode)
  const typing = useTyping()
  if (selected.length === 0) return <span className={styles.hint}>{t('radio.pickOne')}</span>
  if (typing) return <span className={styles.typing}>◆ {t('radio.typingHint')}</span>
  return <span className={styles.hint}>{t(mode === 'hold' ? 'radio.holdHint' : 'radio.latchHint')}</span>
}

function useTyping(): boolean {
  const [typing, setTyping] = useState(() => takesText(document.activeElement))
  useEffect(() => {
    const look = () => setTyping(takesText(document.activeElement))
    // What loses the focus has it until the event is over.
    const lookLater = () => requestAnimationFrame(look)
    document.addEventListener('focusin', look)
    document.addEventListener('focusout', lookLater)
    return () => {
      document.removeEventListener('focusin', look)
      document.removeEventListener('focusout', lookLater)
    }
  }, [])
  return typing
}

function TimeLeft({ spoken: { line }, now }: { spoken: Spoken; now: number }) {
  if (line?.kind !== 'talking') return null
  const { since, until } = line.talk
  return (
    <progress
      className={styles.left}
      aria-hidden="true"
      max={until - since}
      value={Math.min(until - since, Math.max(0, now - since))}
    />
  )
}

function Urgency() {
  const { t } = useTranslation()
  const send = useSend()
  const urgent = useApp(({ radio }) => radio.urgent)
  return (
    <Button
      danger
      type={urgent ? 'primary' : 'default'}
      aria-pressed={urgent}
      title={t('radio.urgentHint')}
      onClick={() => send(urgencySet(!urgent))}
    >
      {urgent ? `▲ ${t('radio.urgent')}` : t('radio.urgent')}
    </Button>
  )
}
