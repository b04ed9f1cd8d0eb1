/** Meets the units that are selected: who carries their terminals is rung, and what their cameras see is shown. */
import type { Id } from '../../../contract/primitives.ts'
import { useApp } from '../../app/store.ts'
import { camerasOf } from '../sources/cameras.ts'
import { OpenRoom } from './open-room.tsx'
import { useOwnScope } from './use-rooms.ts'

export function OpenRoomForUnits({ selected }: { selected: readonly Id[] }) {
  const scope = useOwnScope()
  const units = useApp(({ shared }) => shared.state.directory.units)
  const sources = useApp(({ shared }) => shared.state.video.sources)
  if (scope === undefined) return null
  const terminals = selected.flatMap((id) => units[id]?.terminals ?? [])
  const invite = terminals.flatMap((terminal) => (terminal.kind === 'field' ? [terminal.account] : []))
  const cameras = camerasOf(
    selected.map((id) => units[id]),
    sources,
  ).map(({ id }) => id)
  return <OpenRoom scope={scope} invite={invite} cameras={cameras} />
}
