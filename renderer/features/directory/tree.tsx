/** A tree of any size: only the rows in view are drawn. Keys as the ARIA tree pattern has them. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type DragEvent, type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Unit } from '../../../contract/directory.ts'
import { named } from '../../app/i18n/index.ts'
import { store, useApp, useSend } from '../../app/store.ts'
import { useAge, useNow } from '../../ui/age.ts'
import { positions } from '../map/position-store.ts'
import { openAlarms } from '../radio/alarms.ts'
import { seek } from '../selection/seek.ts'
import { camerasOf } from '../sources/cameras.ts'
import { unitSelected, unitToggled } from '../units/selection.ts'
import { UnitSymbol } from '../units/unit-symbol.tsx'
import { drag } from '../wall/dragged.ts'
import { useLookCloser } from '../wall/use-look-closer.ts'
import styles from './directory.module.css'
import { parentOf, type Row } from './rows.ts'

const ROW_HEIGHT = 32
const PAGE = 10

interface TreeProps {
  readonly rows: readonly Row[]
  onToggle(key: string): void
}

export function Tree({ rows, onToggle }: TreeProps) {
  const { t } = useTranslation()
  const send = useSend()
  const selected = useApp(({ selection }) => selection.units)
  const lookCloser = useLookCloser()
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState<string>()
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (at) => rows[at]?.key ?? at,
    overscan: 8,
  })
  const found = rows.findIndex(({ key }) => key === active)
  const at = Math.max(0, found)
  const go = (to: number) => {
    const row = rows[Math.min(Math.max(to, 0), rows.length - 1)]
    if (row === undefined) return
    setActive(row.key)
    virtual.scrollToIndex(rows.indexOf(row))
  }
  // A unit selected elsewhere is brought into view, if its branch is open.
  const [latest] = selected
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new selection moves the list, never a change of rows.
  useEffect(() => {
    const row = rows.findIndex(({ key }) => key === `unit/${latest}`)
    if (row < 0) return
    setActive(`unit/${latest}`)
    virtual.scrollToIndex(row, { align: 'auto' })
  }, [latest])

  const choose = (row: Row, adding: boolean) => {
    setActive(row.key)
    if (row.kind !== 'unit') {
      if (adding) seekGroup(row)
      else onToggle(row.key)
    } else send(adding ? unitToggled(row.unit.id) : unitSelected(row.unit.id))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[at]
    if (row === undefined) return
    switch (event.key) {
      case 'ArrowDown':
        go(found < 0 ? 0 : at + 1)
        break
      case 'ArrowUp':
        go(at - 1)
        break
      case 'PageDown':
        go(at + PAGE)
        break
      case 'PageUp':
        go(at - PAGE)
        break
      case 'Home':
        go(0)
        break
      case 'End':
        go(rows.length - 1)
        break
      case 'ArrowRight':
        if (row.kind !== 'unit' && !row.open) onToggle(row.key)
        else if (row.kind !== 'unit') go(at + 1)
        break
      case 'ArrowLeft':
        if (row.kind !== 'unit' && row.open) onToggle(row.key)
        else go(parentOf(rows, at) ?? at)
        break
      case 'Enter':
      case ' ':
        choose(row, event.ctrlKey || event.metaKey)
        break
      default:
        return
    }
    event.preventDefault()
  }

  return (
    <div
      ref={scroller}
      className={styles.tree}
      role="tree"
      aria-label={t('directory.label')}
      aria-multiselectable
      aria-activedescendant={found < 0 ? undefined : rowId(rows[found])}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className={styles.sheet} role="presentation" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index]
          return row === undefined ? null : (
            <RowView
              key={key}
              row={row}
              top={start}
              active={row.key === active}
              selected={row.kind === 'unit' && selected.includes(row.unit.id)}
              onClick={(event) => choose(row, event.ctrlKey || event.metaKey)}
              onDoubleClick={() => row.kind === 'unit' && lookCloser(row.unit)}
            />
          )
        })}
      </div>
    </div>
  )
}

const rowId = (row: Row | undefined): string | undefined =>
  row === undefined ? undefined : `row-${row.key.replace('/', '-')}`

interface RowProps {
  readonly row: Row
  readonly top: number
  readonly active: boolean
  readonly selected: boolean
  onClick(event: MouseEvent): void
  onDoubleClick(): void
}

function RowView({ row, top, active, selected, onClick, onDoubleClick }: RowProps) {
  const group = row.kind === 'unit' ? undefined : row
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree itself has the focus and the keys.
    // biome-ignore lint/a11y/useFocusableInteractive: the tree itself has the focus and points at its active row.
    <div
      id={rowId(row)}
      className={styles.row}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-expanded={group?.open}
      aria-selected={selected}
      data-active={active || undefined}
      data-key={row.key}
      style={{ transform: `translateY(${top}px)`, paddingInlineStart: 12 + row.depth * 14 }}
      onClick={onClick}
      onDoubleClick={onDoubleClick}
      draggable={row.kind === 'unit' && row.unit.terminals.some(({ kind }) => kind === 'camera')}
      onDragStart={(event) => row.kind === 'unit' && dragCameras(event, row.unit)}
    >
      {row.kind === 'unit' ? <UnitRow unit={row.unit} /> : <GroupRow row={row} />}
    </div>
  )
}

/** To a place of the video wall. */
function dragCameras(event: DragEvent, unit: Unit): void {
  const cameras = camerasOf([unit], store.getState().shared.state.video.sources)
  if (cameras.length > 0)
    drag(
      event,
      cameras.map(({ id }) => id),
    )
  else event.preventDefault()
}

type Group = Exclude<Row, { kind: 'unit' }>

/** All its units, as the selection tools have it: filtered, and together with what is selected. */
const seekGroup = (group: Group) =>
  seek(
    group.kind === 'area'
      ? { kind: 'area', area: group.area.id }
      : { kind: 'agency', agency: group.agency.id },
  )

function GroupRow({ row }: { row: Group }) {
  const { t } = useTranslation()
  const name = named(row.kind === 'area' ? row.area.name : row.agency.name)
  return (
    <>
      <i className={styles.twisty} aria-hidden="true">
        {row.open ? '▾' : '▸'}
      </i>
      <span className={styles.name}>{name}</span>
      <button
        type="button"
        className={styles.all}
        // The tree has the keys: there it is Ctrl+Enter.
        tabIndex={-1}
        aria-label={t('selection.ofArea', { name })}
        title={`${t('selection.ofArea', { name })} · Ctrl+Enter`}
        onClick={(event) => {
          event.stopPropagation()
          seekGroup(row)
        }}
      >
        ◎
      </button>
      <span className={styles.tail}>{row.units}</span>
    </>
  )
}

function UnitRow({ unit }: { unit: Extract<Row, { kind: 'unit' }>['unit'] }) {
  const { t } = useTranslation()
  const age = useAge()
  useNow(2000)
  const agency = useApp(({ shared }) => shared.state.directory.agencies[unit.agency]?.kind) ?? 'other'
  const since = positions.age(unit.index)
  const stale = positions.isStale(unit.index)
  const alarmed = useApp((state) => openAlarms(state).some((alarm) => alarm.unit === unit.id))
  const fix = stale ? age(since ?? 0) : t(`unitStates.${unit.state}`)
  return (
    <>
      <UnitSymbol agency={agency} kind={unit.kind} state={unit.state} stale={stale || since === undefined} />
      <span className={styles.name} data-stale={stale || undefined}>
        {named(unit.name)}
      </span>
      <span className={styles.tail}>
        {alarmed && <b className={styles.alarmed}>▲ {t('radio.emergency')} </b>}
        {since === undefined ? t('directory.noFix') : fix}
      </span>
    </>
  )
}
