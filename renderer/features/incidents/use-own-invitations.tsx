/** Tells an officer of another agency that they are invited to an incident, until they have seen it or are not any more. */
import { App, Button } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import { useApp } from '../../app/store.ts'
import { playOn } from '../../audio/output.ts'
import { softNotes } from './soft-notes.ts'
import { useSelectIncident } from './use-select.ts'

export function useOwnInvitations(): void {
  const { t } = useTranslation()
  const { notification } = App.useApp()
  const select = useSelectIncident()
  const live = useApp(({ shared }) => shared.state.incidents.live)
  const known = useApp(({ shared }) => shared.known)
  const own = useApp(({ session: { session } }) =>
    session?.kind === 'signed-in' ? session.account.id : undefined,
  )
  const before = useRef<ReadonlyMap<Id, string>>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is told depends on these, and on nothing else.
  useEffect(() => {
    if (!known || own === undefined) return
    const now = new Map(
      Object.values(live)
        .filter(({ invited }) => invited.some(({ account }) => account === own))
        .map(({ id, number, title }) => [id, `#${number} ${title}`]),
    )
    const was = before.current
    before.current = now
    // What one was invited to before one came stands on the board.
    if (was === undefined) return
    for (const [id, title] of was)
      if (!now.has(id)) {
        notification.destroy(id)
        notification.info({
          key: `${id}/over`,
          placement: 'bottomRight',
          title: t('incident.invitationOver', { title }),
        })
      }
    for (const [id, title] of now) {
      if (was.has(id)) continue
      playOn('ring', softNotes(495, 660), 1).catch(() => undefined)
      notification.info({
        key: id,
        title: t('incident.invitation', { title }),
        description: t('incident.invitationHint'),
        // The lamps stay in sight.
        placement: 'bottomRight',
        duration: 0,
        actions: (
          <Button
            onClick={() => {
              notification.destroy(id)
              select(id)
            }}
          >
            {t('incident.openInvited')}
          </Button>
        ),
      })
    }
  }, [live, known, own])
  // Nothing of a shift stays on the screen.
  useEffect(() => () => notification.destroy(), [notification])
}
