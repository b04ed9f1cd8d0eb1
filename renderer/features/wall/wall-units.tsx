/** Shows what the cameras of units see on the video wall. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import { useApp } from '../../app/store.ts'
import { camerasOf } from '../sources/cameras.ts'
import { useShowOnWall } from './use-wall.ts'

export function WallUnits({ selected }: { selected: readonly Id[] }) {
  const { t } = useTranslation()
  const show = useShowOnWall()
  const units = useApp(({ shared }) => shared.state.directory.units)
  const sources = useApp(({ shared }) => shared.state.video.sources)
  const cameras = camerasOf(
    selected.map((id) => units[id]),
    sources,
  ).map(({ id }) => id)
  if (cameras.length === 0) return null
  return (
    <Button onClick={() => show(cameras)}>
      {selected.length === 1 ? t('wall.show') : t('wall.showMany', { n: cameras.length })}
    </Button>
  )
}
