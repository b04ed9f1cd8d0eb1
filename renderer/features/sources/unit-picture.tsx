/** What a unit's camera sees, on its card: of the first that it carries and that may be watched. */
import type { Unit } from '../../../contract/directory.ts'
import { useApp } from '../../app/store.ts'
import { SourceView } from './source-view.tsx'

export function UnitPicture({ unit }: { unit: Unit }) {
  const sources = useApp(({ shared }) => shared.state.video.sources)
  const [source] = unit.terminals.flatMap((terminal) =>
    terminal.kind === 'camera' ? (sources[terminal.source] ?? []) : [],
  )
  return source === undefined ? null : <SourceView source={source} key={source.id} />
}
