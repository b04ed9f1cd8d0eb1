/** What a unit's camera sees, on its card: of the first that it carries and that may be watched. */
import type { Unit } from '../../../contract/directory.ts'
import { useApp } from '../../app/store.ts'
import { camerasOf } from './cameras.ts'
import { SourceView } from './source-view.tsx'

export function UnitPicture({ unit }: { unit: Unit }) {
  const sources = useApp(({ shared }) => shared.state.video.sources)
  const [source] = camerasOf([unit], sources)
  return source === undefined ? null : <SourceView source={source} key={source.id} />
}
