/** The tools that select many units at once: drawing a shape, what is in view, the nearest, what was saved. */
import { Button, InputNumber, Radio } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp, useSend } from '../../app/store.ts'
import type { ConsoleMap } from '../map/console-map.ts'
import type { DrawTool } from '../map/drawing.ts'
import { type Combining, combinings } from './choosing.ts'
import { FilterButton } from './filter-button.tsx'
import { NearestButton } from './nearest-button.tsx'
import { SavedSelections } from './saved-selections.tsx'
import { adjust, resize, seek } from './seek.ts'
import styles from './selection.module.css'
import { type Finding, toolsOpened, toolTaken } from './slice.ts'

const drawTools = ['box', 'circle', 'polygon', 'freehand', 'corridor'] as const satisfies readonly DrawTool[]

/** Of a circle that is asked for without drawing, m. */
const USUAL_RADIUS = 1_000

export function SelectionTools({ map }: { map: ConsoleMap | undefined }) {
  const { t } = useTranslation()
  const send = useSend()
  const { open, tool, combining, widthM, finding } = useApp(({ selecting }) => selecting)
  const selected = useApp(({ selection }) => selection.units.length)
  useHand(map)
  useEscape(tool !== null, open)
  if (!open) return null
  const take = (next: DrawTool) => send(toolTaken(next === tool ? null : next))
  return (
    <section className={styles.tools} aria-label={t('selection.tools')}>
      <header>
        <div role="toolbar" aria-label={t('selection.draw')} className={styles.shapes}>
          {drawTools.map((each) => (
            <Button
              key={each}
              aria-pressed={tool === each}
              type={tool === each ? 'primary' : 'default'}
              title={t(`selection.hints.${each}`)}
              onClick={() => take(each)}
            >
              {t(`selection.shapes.${each}`)}
            </Button>
          ))}
        </div>
        <Button type="text" aria-label={t('common.close')} onClick={() => send(toolsOpened(false))}>
          ✕
        </Button>
      </header>
      <Radio.Group
        optionType="button"
        aria-label={t('selection.how')}
        value={combining}
        onChange={({ target }) => adjust({ combining: target.value as Combining })}
        options={combinings.map((value) => ({ value, label: t(`selection.combinings.${value}`) }))}
      />
      <div className={styles.row}>
        <Button onClick={() => map && seek({ kind: 'shape', shape: { kind: 'polygon', ring: map.view } })}>
          {t('selection.inView')}
        </Button>
        <Button
          onClick={() =>
            map &&
            seek({ kind: 'shape', shape: { kind: 'circle', centre: map.centre, radiusM: USUAL_RADIUS } })
          }
        >
          {t('selection.aroundCentre')}
        </Button>
        <NearestButton map={map} />
        <FilterButton />
        <SavedSelections />
      </div>
      <Sizes tool={tool} finding={finding} widthM={widthM} />
      {tool !== null && <p className={styles.hint}>{t(`selection.hints.${tool}`)}</p>}
      {finding !== null && (
        <p role="status" title={t('selection.stays')} data-testid="found">
          {t('selection.found', { n: finding.found, selected })}
        </p>
      )}
    </section>
  )
}

/** What is typed rather than drawn: a road's width, a circle's radius. */
function Sizes({
  tool,
  finding,
  widthM,
}: {
  tool: DrawTool | null
  finding: Finding | null
  widthM: number
}) {
  const { t } = useTranslation()
  const shape = finding?.sought.kind === 'shape' ? finding.sought.shape : undefined
  if (shape?.kind === 'circle')
    return <Metres label={t('selection.radius')} value={Math.round(shape.radiusM)} onChange={resize} />
  if (tool === 'corridor' || shape?.kind === 'corridor')
    return (
      <Metres label={t('selection.width')} value={widthM} onChange={(width) => adjust({ widthM: width })} />
    )
  return null
}

interface MetresProps {
  readonly label: string
  readonly value: number
  onChange(metres: number): void
}

function Metres({ label, value, onChange }: MetresProps) {
  const { t } = useTranslation()
  return (
    <div className={styles.row}>
      <span aria-hidden="true">{label}</span>
      <InputNumber<number>
        aria-label={label}
        min={1}
        max={100_000}
        value={value}
        suffix={t('selection.metres')}
        onChange={(metres) => {
          if (metres !== null) onChange(metres)
        }}
      />
    </div>
  )
}

/** The map has in its hand what is chosen here, and shows what was drawn. */
function useHand(map: ConsoleMap | undefined): void {
  const { tool, widthM, finding } = useApp(({ selecting }) => selecting)
  useEffect(() => {
    void map?.drawWith(tool === null ? undefined : { tool, widthM })
  }, [map, tool, widthM])
  useEffect(() => {
    map?.showShape(finding?.sought.kind === 'shape' ? finding.sought.shape : undefined)
  }, [map, finding])
}

/** Escape puts the pencil down, and then the tools away. */
function useEscape(drawing: boolean, open: boolean): void {
  const send = useSend()
  useEffect(() => {
    if (!open) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      send(drawing ? toolTaken(null) : toolsOpened(false))
      event.stopPropagation()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [drawing, open, send])
}
