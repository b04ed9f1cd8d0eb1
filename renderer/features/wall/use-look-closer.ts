/** What a double click on a unit shows: what its cameras see, or else where it is. */
import type { Unit } from '../../../contract/directory.ts'
import { store } from '../../app/store.ts'
import { mapView } from '../map/map-view.ts'
import { camerasOf } from '../sources/cameras.ts'
import { useShowOnWall } from './use-wall.ts'

export function useLookCloser(): (unit: Unit) => void {
  const show = useShowOnWall()
  return (unit) => {
    const cameras = camerasOf([unit], store.getState().shared.state.video.sources)
    if (cameras.length > 0) show(cameras.map(({ id }) => id))
    else mapView.centreOn(unit.index)
  }
}
