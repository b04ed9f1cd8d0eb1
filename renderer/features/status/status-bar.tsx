/** The bar on top: time, who sits here, what works and what does not. */
import { App, Badge, Button, Popover } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Account } from '../../../contract/accounts.ts'
import type { Lapse } from '../../../contract/engine.ts'
import { engine } from '../../app/engine.ts'
import { currentLanguage, named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { useAge, useNow } from '../../ui/age.ts'
import { useExplainRefusal } from '../../ui/refusal.ts'
import { Belongs } from '../incidents/belongs.tsx'
import { AlarmBar } from '../radio/alarm-bar.tsx'
import { UserMenu } from '../session/user-menu.tsx'
import { AudioSettings } from '../settings/audio-settings.tsx'
import { DisplaySettings } from '../settings/display-settings.tsx'
import { LampView } from './lamp.tsx'
import styles from './status-bar.module.css'

export function StatusBar({ account }: { account: Account }) {
  const { t } = useTranslation()
  const site = useApp(({ shared }) => shared.state.site)
  const { lamps, outbox, lapses } = useApp(({ status }) => status.link)
  return (
    <header className={styles.bar}>
      <h1 className={styles.brand}>{t('app.name')}</h1>
      <Clock />
      <span className={styles.where}>
        {site === null ? '' : `${named(site.name)} · `}
        {named(account.name)}
      </span>
      <AlarmBar />
      <Belongs />
      <span className={styles.grow} />
      {outbox > 0 && (
        <Popover content={t('outbox.waitingHint', { n: outbox })}>
          <span className={styles.outbox} role="status">
            ◆ {t('outbox.waiting', { n: outbox })}
          </span>
        </Popover>
      )}
      {lapses.length > 0 && <Lapses lapses={lapses} />}
      <ul className={styles.lamps}>
        {lamps.map((lamp) => (
          <LampView key={lamp.name} lamp={lamp} />
        ))}
      </ul>
      <AudioSettings />
      <DisplaySettings />
      <UserMenu account={account} />
    </header>
  )
}

function Clock() {
  const now = useNow()
  const time = new Date(now)
  const locale = currentLanguage() === 'zh' ? 'zh-CN' : 'en-GB'
  return (
    <time
      className={styles.clock}
      dateTime={time.toISOString()}
      title={time.toLocaleDateString(locale, { dateStyle: 'full' })}
    >
      {time.toLocaleTimeString('en-GB')}
    </time>
  )
}

/** What could not be done after all, until somebody has taken note. */
function Lapses({ lapses }: { lapses: readonly Lapse[] }) {
  const { t } = useTranslation()
  return (
    <Popover
      trigger="click"
      title={t('outbox.lapsesTitle')}
      content={
        <ul className={styles.lapses}>
          {lapses.map((lapse) => (
            <LapseLine key={lapse.id} lapse={lapse} />
          ))}
        </ul>
      }
    >
      <Badge count={lapses.length}>
        <Button size="small" danger>
          {t('outbox.lapses', { n: lapses.length })}
        </Button>
      </Badge>
    </Popover>
  )
}

function LapseLine({ lapse: { id, command, code, particulars, at } }: { lapse: Lapse }) {
  const { t } = useTranslation()
  const explain = useExplainRefusal()
  const age = useAge()
  const now = useNow()
  const { message } = App.useApp()
  const units = useApp(({ shared }) => shared.state.directory.units)
  const what =
    command.kind === 'unit.set-state'
      ? t('commands.unit.set-state', {
          unit:
            units[command.unit] === undefined
              ? command.unit
              : named(units[command.unit]?.name ?? { zh: '', en: '' }),
          state: t(`unitStates.${command.state}`),
        })
      : t(`commands.${command.kind}`)
  return (
    <li>
      <b>{what}</b>
      <span>
        {explain({ code, particulars })} · {t('age.ago', { age: age(now - at) })}
      </span>
      <Button
        size="small"
        onClick={() =>
          engine.state.dismissLapse.mutate({ id }).catch(() => message.error(t('refusals.unexpected')))
        }
      >
        {t('outbox.dismiss')}
      </Button>
    </li>
  )
}
