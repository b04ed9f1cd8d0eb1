/** Signing in with an account in the field. */
import { type FormEvent, useEffect, useState } from 'react'
import { PASS_MARK } from '../contract/field.ts'
import type { Admission } from '../contract/hub.ts'
import { refusedBy } from '../contract/rpc.ts'
import { type Line, openLine } from './line.ts'
import type { FieldSession } from './session.ts'
import { filled, type Language, texts } from './texts.ts'

interface SignInProps {
  readonly language: Language
  readonly expired: boolean
  onSignedIn(session: FieldSession): void
}

const ANSWERS_WITHIN_MS = 10_000

export function SignIn({ language, expired, onSignedIn }: SignInProps) {
  const t = texts[language]
  const [account, setAccount] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string>()
  const enter = async (ask: (hub: Line['hub'], signal: AbortSignal) => Promise<Admission>) => {
    setBusy(true)
    setFailure(undefined)
    const line = openLine(null, { view: ignore, stands: ignore, sessionOver: ignore })
    try {
      const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS)
      const { token, account: own } = await ask(line.hub, signal)
      onSignedIn({ token, account: own.id })
    } catch (error) {
      setBusy(false)
      setFailure(whyNot(error, language))
    } finally {
      line.close()
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void enter((hub, signal) => hub.signIn.mutate({ account, password }, { signal }))
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: a pass is taken when the page opens, and once.
  useEffect(() => {
    const code = passShown()
    if (code !== undefined) void enter((hub, signal) => hub.signInWithPass.mutate({ code }, { signal }))
  }, [])
  return (
    <form className="sign-in" onSubmit={submit}>
      <h1>{t.title}</h1>
      {expired && <p role="alert">{t.sessionOver}</p>}
      <label>
        {t.account}
        <input
          value={account}
          autoCapitalize="none"
          autoComplete="username"
          required
          onChange={({ target }) => setAccount(target.value)}
        />
      </label>
      <label>
        {t.password}
        <input
          type="password"
          value={password}
          autoComplete="current-password"
          required
          onChange={({ target }) => setPassword(target.value)}
        />
      </label>
      {failure !== undefined && (
        <p className="notice bad" role="alert">
          {failure}
        </p>
      )}
      <button type="submit" className="main" disabled={busy}>
        {busy ? t.signingIn : t.signIn}
      </button>
    </form>
  )
}

const ignore = () => undefined

/** Whether the page was opened with a pass: it goes before whoever is signed in on the phone. */
export const isPassShown = (): boolean => window.location.hash.startsWith(PASS_MARK)

/** The pass in the page's address, which it is then taken out of: it is good once. */
function passShown(): string | undefined {
  if (!isPassShown()) return undefined
  const { hash, pathname } = window.location
  window.history.replaceState(null, '', pathname)
  return hash.slice(PASS_MARK.length)
}

function whyNot(error: unknown, language: Language): string {
  const { refusals } = texts[language]
  const refused = refusedBy(error)
  if (refused === undefined) return refusals['no-answer']
  const { code, particulars } = refused
  const text =
    code === 'wrong-password' || code === 'locked-out'
      ? refusals[code]
      : code === 'not-found'
        ? refusals['pass-over']
        : refusals.other
  return filled(text, { ...particulars, code })
}
