/** What the keys do about incidents, whichever panel is on the screen; and the tone when something is overdue. */
import { useShortcut } from '../../app/shortcuts/shortcuts.ts'
import { useApp } from '../../app/store.ts'
import { mapView } from '../map/map-view.ts'
import { useDeliveries } from '../threads/use-deliveries.ts'
import { useBeginDraft } from './use-draft.ts'
import { useOverdueTone } from './use-overdue-tone.ts'
import { useOwnInvitations } from './use-own-invitations.tsx'
import { useRights } from './use-rights.ts'
import { useShowIncident } from './use-show.ts'

export function IncidentKeys() {
  const { assign } = useShowIncident()
  const draft = useBeginDraft()
  const { open } = useRights()
  const [unit] = useApp(({ selection }) => selection.units)
  const selected = useApp(({ incidents }) => incidents.selected)
  useShortcut('incident', () => (unit === undefined ? draft.at(mapView.pointed()) : draft.atUnit(unit)), open)
  useShortcut('task', assign, selected !== null)
  useOverdueTone()
  useOwnInvitations()
  useDeliveries()
  return null
}
