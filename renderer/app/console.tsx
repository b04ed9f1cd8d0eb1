/** The signed-in console: status bar and dock. */

import { useEffect } from 'react'
import type { Account } from '../../contract/accounts.ts'
import { IncidentKeys } from '../features/incidents/keys.tsx'
import { keepRollCall } from '../features/radio/kept-roll-call.ts'
import { TalkBar } from '../features/radio/talk-bar.tsx'
import { comeBack, leave } from '../features/rooms/attending.ts'
import { Invitations } from '../features/rooms/invitations.tsx'
import { StatusBar } from '../features/status/status-bar.tsx'
import { SupervisionStrip } from '../features/supervision/strip.tsx'
import { CallBar } from '../features/telephony/call-bar.tsx'
import styles from './console.module.css'
import { Dock } from './layout/dock.tsx'
import { ShortcutHelp } from './shortcuts/help.tsx'

export function Console({ account }: { account: Account }) {
  useEffect(() => {
    comeBack(account.id)
    return leave
  }, [account.id])
  useEffect(() => keepRollCall(account.id), [account.id])
  return (
    <div className={styles.console}>
      <StatusBar account={account} />
      <Dock account={account.id} />
      <SupervisionStrip />
      <Invitations />
      <div className={styles.foot}>
        <CallBar />
        <TalkBar />
      </div>
      <IncidentKeys />
      <ShortcutHelp />
    </div>
  )
}
