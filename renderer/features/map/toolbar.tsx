/** The tools at the map's upper edge: going places, layers, measuring, zoom. */
import { Button, Popover, Tooltip } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keyName, type Shortcut, useShortcut } from '../../app/shortcuts/shortcuts.ts'
import { useApp, useSend } from '../../app/store.ts'
import { toolsOpened } from '../selection/slice.ts'
import type { ConsoleMap } from './console-map.ts'
import { GoTo } from './go-to.tsx'
import { LayersMenu } from './layers-menu.tsx'
import styles from './map.module.css'

interface ToolbarProps {
  readonly map: ConsoleMap | undefined
  readonly measuring: boolean
  onMeasure(): void
}

export function Toolbar({ map, measuring, onMeasure }: ToolbarProps) {
  const { t } = useTranslation()
  const [layersOpen, setLayersOpen] = useState(false)
  useShortcut('layers', () => setLayersOpen((open) => !open))
  const send = useSend()
  const selecting = useApp(({ selecting }) => selecting.open)
  const select = () => send(toolsOpened(!selecting))
  useShortcut('select', select)
  return (
    <div className={styles.tools} role="toolbar" aria-label={t('map.label')}>
      <GoTo />
      <Tool shortcut="select" text={t('selection.open')} pressed={selecting} onClick={select} />
      <Tool shortcut="measure" text={t('map.measure')} pressed={measuring} onClick={onMeasure} />
      <Popover
        trigger="click"
        open={layersOpen}
        onOpenChange={setLayersOpen}
        placement="bottomLeft"
        content={<LayersMenu />}
      >
        <Button type="text" aria-expanded={layersOpen}>
          {t('map.layers')} <kbd>{keyName('layers')}</kbd>
        </Button>
      </Popover>
      <Tool shortcut="home" text={t('map.home')} onClick={() => map?.home()} />
      <Button type="text" aria-label={t('map.zoomIn')} onClick={() => map?.zoomBy(1)}>
        ＋
      </Button>
      <Button type="text" aria-label={t('map.zoomOut')} onClick={() => map?.zoomBy(-1)}>
        －
      </Button>
    </div>
  )
}

interface ToolProps {
  readonly shortcut: Shortcut
  readonly text: ReactNode
  readonly pressed?: boolean
  onClick(): void
}

function Tool({ shortcut, text, pressed, onClick }: ToolProps) {
  return (
    <Tooltip title={keyName(shortcut)}>
      <Button
        type="text"
        aria-pressed={pressed}
        className={pressed ? (styles.pressed ?? '') : ''}
        onClick={onClick}
      >
        {text}
      </Button>
    </Tooltip>
  )
}
