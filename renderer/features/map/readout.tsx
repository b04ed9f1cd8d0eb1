/** Where the pointer is, what the map is drawn on, and how long a stretch on it is. */
import { useTranslation } from 'react-i18next'
import type { Basemap } from '../../../contract/basemaps.ts'
import type { Place } from '../../../contract/primitives.ts'
import { named } from '../../app/i18n/index.ts'
import { writePlace } from './coordinates.ts'
import { useDistance } from './distance.ts'
import styles from './map.module.css'
import { metresPerPixel } from './world.ts'

const LONGEST_BAR = 110
const roundLengths = [1, 2, 5]
  .flatMap((digit) => [0, 1, 2, 3, 4, 5].map((power) => digit * 10 ** power))
  .toSorted((a, b) => a - b)

interface ReadoutProps {
  readonly pointer: Place | undefined
  readonly view: { readonly centre: Place; readonly zoom: number } | undefined
  readonly basemap: Basemap | 'schematic'
}

export function Readout({ pointer, view, basemap }: ReadoutProps) {
  const { t } = useTranslation()
  const distance = useDistance()
  if (view === undefined) return null
  const perPixel = metresPerPixel(view.centre.lat, view.zoom)
  const metres = roundLengths.findLast((length) => length / perPixel <= LONGEST_BAR) ?? 1
  return (
    <div className={styles.readout}>
      <span className={styles.coordinates}>{writePlace(pointer ?? view.centre)}</span>
      <span>{t('map.wgs84')}</span>
      {basemap === 'schematic' ? (
        <span title={t('map.schematicNote')}>{t('map.schematic')}</span>
      ) : (
        <span>
          {named(basemap.name)}
          {basemap.attribution === undefined ? '' : ` · ${basemap.attribution}`}
        </span>
      )}
      <span className={styles.scale} style={{ width: metres / perPixel }}>
        {distance(metres)}
      </span>
    </div>
  )
}
