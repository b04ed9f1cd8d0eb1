/** The video wall: sources side by side, page by page. */
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp, useSend } from '../../app/store.ts'
import { pagesOf, tilesOf } from './places.ts'
import { pageTurned } from './slice.ts'
import { useShown } from './use-shown.ts'
import { useWall } from './use-wall.ts'
import { useWallWindow } from './use-wall-window.ts'
import styles from './wall.module.css'
import { WallApart } from './wall-apart.tsx'
import { WallBar } from './wall-bar.tsx'
import { EmptyPlace, WallTileView } from './wall-tile.tsx'

/** In the console's dock. */
export function WallPanel() {
  const [apart] = useWallWindow()
  return apart === 'none' ? <Wall /> : <WallApart />
}

export function Wall() {
  const { t } = useTranslation()
  const panel = useRef<HTMLElement>(null)
  // What nobody sees is not watched: a camera is pulled, and noted as watched, for those who look.
  const shown = useShown(panel)
  const [wall] = useWall()
  const { page: asked, spotlight, rotating } = useApp((state) => state.wall)
  const sources = useApp(({ shared }) => shared.state.video.sources)
  const pages = pagesOf(wall)
  const page = Math.min(asked, pages - 1)
  useRotation({ page, pages, dwellS: wall.dwellS, on: shown && rotating && spotlight === null })
  const tiles = tilesOf(wall, page)
  const large = tiles.some(({ source }) => source !== null && source === spotlight) ? spotlight : null
  const columns = large === null ? Math.sqrt(wall.size) : Math.max(3, Math.ceil(wall.size / 2))
  const isEmpty = wall.places.every((source) => source === null)
  return (
    <section className={styles.panel} ref={panel} data-testid="wall">
      <WallBar wall={wall} page={page} panel={panel} />
      {isEmpty && <p className={styles.hint}>{t('wall.empty')}</p>}
      <ul
        className={styles.tiles}
        aria-label={t('panels.wall')}
        style={{
          gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
          gridTemplateRows: `repeat(${columns}, minmax(0, 1fr))`,
        }}
      >
        {tiles.map(({ place, source: id }) => {
          const source = id === null || !shown ? undefined : sources[id]
          const isLarge = source !== undefined && source.id === large
          return (
            <li
              key={source?.id ?? place}
              className={styles.place}
              style={
                isLarge
                  ? { gridColumn: `1 / span ${columns - 1}`, gridRow: `1 / span ${columns - 1}` }
                  : undefined
              }
            >
              {source === undefined ? (
                <EmptyPlace place={place} />
              ) : (
                <WallTileView source={source} place={place} isLarge={isLarge} />
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** Turns to the next page by itself; whoever turns one has it for its whole time. */
function useRotation({
  page,
  pages,
  dwellS,
  on,
}: {
  page: number
  pages: number
  dwellS: number
  on: boolean
}) {
  const send = useSend()
  useEffect(() => {
    if (!on || pages < 2) return
    const timer = window.setTimeout(() => send(pageTurned((page + 1) % pages)), dwellS * 1000)
    return () => window.clearTimeout(timer)
  }, [on, page, pages, dwellS, send])
}
