/** The whole page: signed out, or what the unit does and is asked to do. */
import { useEffect, useMemo, useRef, useState } from 'react'
import { sendContent } from '../contract/attachment-transfer.ts'
import type { FieldAct, FieldSubmission, FieldView } from '../contract/field.ts'
import type { Refused } from '../contract/refusal.ts'
import { refusedBy } from '../contract/rpc.ts'
import { Alarm } from './alarm.tsx'
import { Duty } from './duty.tsx'
import { ErrandCard } from './errand.tsx'
import { type Line, openLine } from './line.ts'
import { openOutbox } from './outbox.ts'
import { forgetPicture, keptPicture } from './pictures.ts'
import { followPosition, type PositionState } from './position.ts'
import { Ring } from './ring.tsx'
import { type FieldSession, keepSession, keptSession } from './session.ts'
import { isPassShown, SignIn } from './sign-in.tsx'
import { Talk, useMarks } from './talk.tsx'
import { filled, type Language, named, preferred, texts } from './texts.ts'

export function App() {
  const [language, setLanguage] = useState<Language>(preferred)
  const [session, setSession] = useState(() => (isPassShown() ? null : keptSession()))
  const [expired, setExpired] = useState(false)
  const keep = (next: FieldSession | null) => {
    keepSession(next)
    setSession(next)
  }
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  }, [language])
  return (
    <main>
      <header className="top">
        <b>Watchfloor</b>
        <button type="button" onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>
          {language === 'zh' ? 'English' : '中文'}
        </button>
      </header>
      {session === null ? (
        <SignIn
          language={language}
          expired={expired}
          onSignedIn={(next) => {
            setExpired(false)
            keep(next)
          }}
        />
      ) : (
        <SignedIn
          key={session.token}
          session={session}
          language={language}
          onOver={(because) => {
            setExpired(because === 'expired')
            keep(null)
          }}
        />
      )}
    </main>
  )
}

/** Refusals that may be another answer in a moment. */
const passing: readonly string[] = ['store-unavailable', 'too-many']

interface SignedInProps {
  readonly session: FieldSession
  readonly language: Language
  onOver(because: 'expired' | 'left'): void
}

function SignedIn({ session: { token, account }, language, onOver }: SignedInProps) {
  const t = texts[language]
  const [view, setView] = useState<FieldView>()
  const [stands, setStands] = useState(false)
  const [waiting, setWaiting] = useState<readonly FieldSubmission[]>([])
  const [lapse, setLapse] = useState<Refused>()
  const [position, setPosition] = useState<PositionState>('off')
  const line = useRef<Line>(undefined)
  const [hub, setHub] = useState<Line['hub']>()
  const over = useRef(onOver)
  over.current = onOver

  const outbox = useMemo(
    () =>
      openOutbox({
        account,
        storage: localStorage,
        newKey: () => crypto.randomUUID(),
        send: async (submission) => {
          const hub = line.current?.hub
          if (hub === undefined) return { kind: 'again' }
          try {
            await sendPictures(hub, submission.act)
            await hub.submit.mutate(submission)
            await forgetPictures(submission.act)
            return { kind: 'done' }
          } catch (error) {
            const refused = refusedBy(error)
            const again = refused === undefined || passing.includes(refused.code)
            return again ? { kind: 'again' } : { kind: 'refused', refused }
          }
        },
        onChange: setWaiting,
        onRefused: (_, refused) => setLapse(refused),
      }),
    [account],
  )
  useEffect(() => {
    setWaiting(outbox.waiting)
    const opened = openLine(token, {
      view: setView,
      stands: (now) => {
        setStands(now)
        if (now) void outbox.flush()
      },
      sessionOver: () => over.current('expired'),
    })
    line.current = opened
    setHub(() => opened.hub)
    return () => {
      line.current = undefined
      opened.close()
    }
  }, [token, outbox])

  const onDuty = view?.unit != null && view.unit.state !== 'off-duty'
  useEffect(() => {
    if (!onDuty) return
    return followPosition({
      // What can't be told now is old by the time it can.
      fix: (fix) => void line.current?.hub.report.mutate(fix).catch(() => undefined),
      state: setPosition,
    })
  }, [onDuty])

  const say = (act: FieldAct) => outbox.say(act)
  useReceipts(view, stands, say)
  useMarks(view, stands, say)
  const leave = async () => {
    // Without a link the hub learns of it when the session runs out; the phone forgets it now.
    if (stands) await line.current?.hub.signOut.mutate().catch(() => undefined)
    onOver('left')
  }
  return (
    <>
      {!stands && (
        <p className="notice" role="status">
          {t.offline}
        </p>
      )}
      {waiting.length > 0 && <p className="notice">{filled(t.waiting, { n: waiting.length })}</p>}
      {lapse !== undefined && (
        <p className="notice bad" role="alert">
          {filled(t.refused, { why: filled(t.refusals.other, { code: lapse.code }) })}
          <button type="button" onClick={() => setLapse(undefined)}>
            {t.dismiss}
          </button>
        </p>
      )}
      {hub !== undefined && <Ring account={account} language={language} hub={hub} stands={stands} />}
      {view !== undefined && view.unit === null && <p role="alert">{t.noUnit}</p>}
      {view?.unit != null && (
        <>
          <h1>{named(view.unit.name, language)}</h1>
          <Duty
            language={language}
            state={stateSaid(waiting) ?? view.unit.state}
            position={position}
            onState={(state) => say({ kind: 'state', state })}
          />
          <Alarm since={view.alarmSince} waiting={waiting} language={language} onSay={say} />
          <h2>{t.tasks}</h2>
          {view.errands.length === 0 && <p className="dim">{t.noTasks}</p>}
          {view.errands.map((errand) => (
            <ErrandCard
              key={errand.task.id}
              errand={errand}
              language={language}
              waiting={waiting.some(({ act }) => 'task' in act && act.task === errand.task.id)}
              onStep={say}
            />
          ))}
          {view.talk !== null && (
            <Talk
              talk={view.talk}
              account={account}
              waiting={waiting}
              language={language}
              onSay={say}
              hub={() => line.current?.hub}
            />
          )}
          {view.groups.map((group) => (
            <Talk
              key={group.id}
              talk={group.talk}
              group={group}
              account={account}
              waiting={waiting}
              language={language}
              onSay={say}
              hub={() => line.current?.hub}
            />
          ))}
        </>
      )}
      <button type="button" className="leave" onClick={leave}>
        {t.signOut}
      </button>
    </>
  )
}

/** What is said refers to them: they go first. One that the phone has no more the hub will miss, and say so. */
async function sendPictures(hub: Line['hub'], act: FieldAct): Promise<void> {
  for (const { hash, type } of picturesOf(act)) {
    const content = await keptPicture(hash)
    if (content !== undefined)
      await sendContent((part) => hub.attachments.put.mutate(part), { hash, type, content })
  }
}

async function forgetPictures(act: FieldAct): Promise<void> {
  // What stays on the phone takes room, and is sent by nobody.
  for (const { hash } of picturesOf(act)) await forgetPicture(hash).catch(() => undefined)
}

const picturesOf = (act: FieldAct) => ('attachments' in act ? (act.attachments ?? []) : [])

/** What the unit has said it does, before the hub knows. */
const stateSaid = (waiting: readonly FieldSubmission[]) =>
  waiting.map(({ act }) => (act.kind === 'state' ? act.state : undefined)).findLast((state) => state)

/** A task that is on the screen has been received; said once for each. */
function useReceipts(view: FieldView | undefined, stands: boolean, say: (act: FieldAct) => void): void {
  const told = useRef(new Set<string>())
  useEffect(() => {
    if (view === undefined || !stands || document.visibilityState !== 'visible') return
    for (const { task } of view.errands) {
      if (task.state !== 'assigned' || told.current.has(task.id)) continue
      told.current.add(task.id)
      say({ kind: 'step', task: task.id, step: 'receive', words: null })
    }
  })
}
