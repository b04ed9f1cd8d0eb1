/** What is done with the wall as a whole. */
import { Button, Segmented, Select } from 'antd'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { type Wall, type WallSize, wallSizes } from '../../../contract/wall.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp, useSend } from '../../app/store.ts'
import { pagesOf } from './places.ts'
import { pageTurned, rotationSet, spotlit, statisticsSet } from './slice.ts'
import { useShowOnWall, useWall } from './use-wall.ts'
import { useWallWindow } from './use-wall-window.ts'
import styles from './wall.module.css'

const dwells = [5, 10, 15, 30, 60, 120, 300]

interface WallBarProps {
  readonly wall: Wall
  readonly page: number
  readonly panel: RefObject<HTMLElement | null>
}

export function WallBar({ wall, page, panel }: WallBarProps) {
  const { t } = useTranslation()
  const send = useSend()
  const [, keep] = useWall()
  const { statistics } = useApp((state) => state.wall)
  const [apart] = useWallWindow()
  // What opens has to open inside of what fills the screen.
  const getPopupContainer = () => panel.current ?? document.body
  const resize = (size: WallSize) => {
    send(spotlit(null))
    // What was seen first stays in sight.
    send(pageTurned(Math.floor((page * wall.size) / size)))
    keep({ ...wall, size })
  }
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('panels.wall')}>
      {apart !== 'none' && <h1 className={styles.title}>{t('panels.wall')}</h1>}
      <Segmented<WallSize>
        aria-label={t('wall.size')}
        value={wall.size}
        options={wallSizes.map((value) => ({ value, label: `${value}` }))}
        onChange={resize}
      />
      <AddSource wall={wall} getPopupContainer={getPopupContainer} />
      <Pages wall={wall} page={page} getPopupContainer={getPopupContainer} />
      <span className={styles.gap} />
      <Button aria-pressed={statistics} onClick={() => send(statisticsSet(!statistics))}>
        {t('wall.statistics')}
      </Button>
      <Windows panel={panel} />
    </div>
  )
}

/** Larger, elsewhere, and back. */
function Windows({ panel }: Pick<WallBarProps, 'panel'>) {
  const { t } = useTranslation()
  const [now, want] = useWallWindow()
  if (now === 'none')
    return (
      <>
        <Button onClick={() => void fill(panel.current)}>{t('wall.fullScreen')}</Button>
        <Button title={t('wall.ownWindowHint')} onClick={() => want('full-screen')}>
          {t('wall.ownWindow')}
        </Button>
      </>
    )
  const fills = now === 'full-screen'
  return (
    <>
      <Button aria-pressed={fills} onClick={() => want(fills ? 'window' : 'full-screen')}>
        {t('wall.fullScreen')}
      </Button>
      <Button onClick={() => want('none')}>{t('wall.bringBack')}</Button>
    </>
  )
}

interface PartProps {
  readonly wall: Wall
  getPopupContainer(): HTMLElement
}

/** Any source of those that may be watched and are not on the wall. */
function AddSource({ wall, getPopupContainer }: PartProps) {
  const { t } = useTranslation()
  const show = useShowOnWall()
  const sources = useApp(({ shared }) => shared.state.video.sources)
  const options = Object.values(sources)
    .filter(({ id }) => !wall.places.includes(id))
    .map(({ id, name }) => ({ value: id, label: named(name) }))
  return (
    <Select<string>
      className={styles.add ?? ''}
      aria-label={t('wall.add')}
      placeholder={t('wall.add')}
      value={null}
      showSearch={{ optionFilterProp: 'label' }}
      options={options}
      notFoundContent={t('wall.noMore')}
      getPopupContainer={getPopupContainer}
      onSelect={(source) => show([source])}
    />
  )
}

function Pages({ wall, page, getPopupContainer }: PartProps & { readonly page: number }) {
  const { t } = useTranslation()
  const send = useSend()
  const [, keep] = useWall()
  const rotating = useApp((state) => state.wall.rotating)
  const pages = pagesOf(wall)
  if (pages < 2) return null
  const turn = (by: number) => {
    send(spotlit(null))
    send(pageTurned((page + by + pages) % pages))
  }
  return (
    <>
      <Button aria-label={t('wall.before')} title={t('wall.before')} onClick={() => turn(-1)}>
        ‹
      </Button>
      <span aria-live={rotating ? 'off' : 'polite'}>{t('wall.page', { n: page + 1, of: pages })}</span>
      <Button aria-label={t('wall.next')} title={t('wall.next')} onClick={() => turn(1)}>
        ›
      </Button>
      <Button aria-pressed={rotating} onClick={() => send(rotationSet(!rotating))}>
        {t(rotating ? 'wall.stopRotation' : 'wall.rotate')}
      </Button>
      <Select<number>
        aria-label={t('wall.dwell')}
        value={wall.dwellS}
        options={dwells.map((value) => ({ value, label: t('wall.seconds', { n: value }) }))}
        getPopupContainer={getPopupContainer}
        onChange={(dwellS) => keep({ ...wall, dwellS })}
      />
    </>
  )
}

async function fill(panel: HTMLElement | null): Promise<void> {
  if (document.fullscreenElement !== null) await document.exitFullscreen()
  else await panel?.requestFullscreen()
}
