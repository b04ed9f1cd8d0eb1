/** Signing in at this seat. A demonstration site offers its accounts; any other asks. */
import { Alert, Button, Form, Input } from 'antd'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HubGreeting, Session } from '../../../contract/engine.ts'
import type { Credentials } from '../../../contract/hub.ts'
import { engine } from '../../app/engine.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { useExplain } from '../../ui/refusal.ts'
import { DisplaySettings } from '../settings/display-settings.tsx'
import styles from './sign-in.module.css'

type Because = Extract<Session, { kind: 'signed-out' }>['because']

export function SignIn({ because }: { because: Because }) {
  const { t } = useTranslation()
  const explain = useExplain()
  const hub = useApp(({ session }) => session.hub)
  const [trying, setTrying] = useState<string>()
  const [failure, setFailure] = useState<string>()
  const password = useRef<HTMLInputElement>(null)

  const signIn = async (credentials: Credentials) => {
    setTrying(credentials.account)
    setFailure(undefined)
    try {
      await engine.session.signIn.mutate(credentials)
    } catch (error) {
      setFailure(explain(error))
      password.current?.select()
    } finally {
      setTrying(undefined)
    }
  }
  const reached = hub.kind === 'reached'
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <DisplaySettings />
      </header>
      <main className={styles.box}>
        <h1>{t('app.name')}</h1>
        <p className={styles.site}>
          {reached ? (hub.welcome.site === null ? t('signIn.unnamedSite') : named(hub.welcome.site)) : ' '}
        </p>
        {because === 'session-over' && <Alert type="warning" showIcon title={t('signIn.sessionOver')} />}
        <CredentialsForm
          passwordRef={password}
          busy={trying !== undefined}
          disabled={!reached}
          failure={failure}
          onSubmit={signIn}
        />
        {reached && <DemoAccounts hub={hub} trying={trying} onSignIn={signIn} />}
        <HubLine hub={hub} />
      </main>
    </div>
  )
}

interface CredentialsFormProps {
  readonly passwordRef: RefObject<HTMLInputElement | null>
  readonly busy: boolean
  readonly disabled: boolean
  readonly failure: string | undefined
  onSubmit(credentials: Credentials): void
}

function CredentialsForm({ passwordRef, busy, disabled, failure, onSubmit }: CredentialsFormProps) {
  const { t } = useTranslation()
  const account = useRef<HTMLInputElement>(null)
  useEffect(() => account.current?.focus(), [])
  return (
    <Form<Credentials>
      layout="vertical"
      requiredMark={false}
      onFinish={onSubmit}
      aria-label={t('signIn.title')}
    >
      <Form.Item name="account" label={t('signIn.account')} rules={[{ required: true, whitespace: true }]}>
        <Input
          ref={(input) => {
            account.current = input?.input ?? null
          }}
          autoComplete="username"
          maxLength={63}
        />
      </Form.Item>
      <Form.Item name="password" label={t('signIn.password')} rules={[{ required: true }]}>
        <Input.Password
          ref={(input) => {
            passwordRef.current = input?.input ?? null
          }}
          autoComplete="current-password"
          maxLength={200}
        />
      </Form.Item>
      <div aria-live="assertive">
        {failure !== undefined && <Alert type="error" showIcon title={failure} />}
      </div>
      <Button
        className={styles.submit ?? ''}
        type="primary"
        htmlType="submit"
        block
        loading={busy}
        disabled={disabled}
      >
        {busy ? t('signIn.submitting') : t('signIn.submit')}
      </Button>
    </Form>
  )
}

interface DemoAccountsProps {
  readonly hub: Extract<HubGreeting, { kind: 'reached' }>
  readonly trying: string | undefined
  onSignIn(credentials: Credentials): void
}

function DemoAccounts({ hub, trying, onSignIn }: DemoAccountsProps) {
  const { t } = useTranslation()
  // Field accounts are for phones; nobody sits at a console with one.
  const demoAccounts = hub.welcome.demoAccounts.filter(({ account }) => account.role !== 'field-account')
  if (demoAccounts.length === 0) return null
  return (
    <section className={styles.demo} aria-label={t('signIn.demo')}>
      <h2>{t('signIn.demo')}</h2>
      <p>{t('signIn.demoHint')}</p>
      <div className={styles.accounts}>
        {demoAccounts.map(({ account, password }) => (
          <Button
            key={account.id}
            disabled={trying !== undefined}
            loading={trying === account.id}
            onClick={() => onSignIn({ account: account.id, password })}
            data-account={account.id}
          >
            <span>{named(account.name)}</span>
            <small>{t(`roles.${account.role}`)}</small>
          </Button>
        ))}
      </div>
    </section>
  )
}

function HubLine({ hub }: { hub: HubGreeting }) {
  const { t } = useTranslation()
  switch (hub.kind) {
    case 'waiting':
      return <p className={styles.hub}>{t('signIn.waiting')}</p>
    case 'reached':
      return (
        <p className={styles.hub}>
          {t('signIn.hub')} {hub.embedded ? t('signIn.embedded') : hub.address} · {t('signIn.reached')}
        </p>
      )
    case 'unreachable': {
      const key = hub.code === 'no-answer' ? 'unreachable' : hub.code
      const text = t(`signIn.${key}`, { address: hub.address, why: hub.why })
      return (
        <Alert type={hub.code === 'no-answer' ? 'warning' : 'error'} showIcon title={<pre>{text}</pre>} />
      )
    }
  }
}
