/** What every page of the console is in: the seat's language and theme, and word of an engine that has gone. */
import { App as AntdApp, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { type ReactNode, useLayoutEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Session } from '../../contract/engine.ts'
import styles from './app.module.css'
import { useLanguage } from './i18n/index.ts'
import { useApp } from './store.ts'
import { antdTheme } from './theme/antd.ts'

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
const locales = { zh: zhCN, en: enUS }

/** `children` is asked as soon as it is known who is signed in, if anybody. */
export function Frame({ children }: { children(session: Session): ReactNode }) {
  const { language, theme } = useApp(({ settings }) => settings.seat)
  useLanguage(language)
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme
  }, [theme])
  return (
    <ConfigProvider
      theme={antdTheme(theme)}
      locale={locales[language]}
      csp={{ nonce }}
      // A space between the two signs of a word makes two words of it to a screen reader.
      button={{ autoInsertSpace: false }}
    >
      <AntdApp className={styles.app ?? ''}>
        <Inside>{children}</Inside>
      </AntdApp>
    </ConfigProvider>
  )
}

function Inside({ children }: { children(session: Session): ReactNode }) {
  const { t } = useTranslation()
  const present = useApp(({ status }) => status.enginePresent)
  const ready = useApp(({ settings }) => settings.known)
  const session = useApp(({ session }) => session.session)
  if (!ready || session === null)
    return (
      <main className={styles.loading} aria-live="polite">
        {t('app.loading')}
      </main>
    )
  return (
    <>
      {!present && (
        <div className={styles.gone} role="alert">
          {t('app.engineGone')}
        </div>
      )}
      {children(session)}
    </>
  )
}
