/** The channels, each a card, in the site's order: nothing moves under the pointer. */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp } from '../../app/store.ts'
import { ChannelCard } from './channel-card.tsx'
import styles from './channels.module.css'
import { keyOfChannel } from './function-keys.ts'
import { Groups } from './groups.tsx'
import { channelLevels } from './levels.ts'
import tools from './panel-tools.module.css'
import { PatchButton } from './patch-form.tsx'
import { Patches } from './patches.tsx'
import { RollCallStrip } from './roll-call-strip.tsx'
import { Scan } from './scan.tsx'
import { functionKeysOf } from './selectors.ts'
import { TalkSettings } from './talk-settings.tsx'
import { useChannels } from './use-channels.ts'

export function ChannelsPanel() {
  const { t } = useTranslation()
  const channels = useChannels()
  const keys = useApp(functionKeysOf, sameKeys)
  const any = channels.length > 0
  useEffect(() => (any ? channelLevels.follow() : undefined), [any])
  if (!any) return <p className={styles.none}>{t('radio.none')}</p>
  return (
    <div className={styles.panel}>
      <div className={tools.tools}>
        <Groups />
        <Scan />
        <PatchButton />
        <TalkSettings />
      </div>
      <Patches />
      <RollCallStrip />
      <ul className={styles.cards}>
        {channels.map((own) => (
          <ChannelCard key={own.channel.id} own={own} keyName={keyOfChannel(keys, own.channel.id)} />
        ))}
      </ul>
    </div>
  )
}

const sameKeys = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean =>
  a.size === b.size && [...a].every(([key, channel]) => b.get(key) === channel)
