/** The map's panel: the map, and what lies on its edges. */
import 'leaflet/dist/leaflet.css'
import { App } from 'antd'
import type L from 'leaflet'
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Basemap } from '../../../contract/basemaps.ts'
import { type AgencyKind, agencyKinds, type Unit } from '../../../contract/directory.ts'
import type { Place } from '../../../contract/primitives.ts'
import { named } from '../../app/i18n/index.ts'
import { useShortcut } from '../../app/shortcuts/shortcuts.ts'
import { store, useApp, useSend } from '../../app/store.ts'
import { GroundMenu } from '../incidents/ground-menu.tsx'
import { marksOf } from '../incidents/marks.ts'
import { useSelectIncident } from '../incidents/use-select.ts'
import { seek } from '../selection/seek.ts'
import { SelectionTools } from '../selection/tools.tsx'
import { selectionCleared, unitSelected, unitToggled } from '../units/selection.ts'
import { useLookCloser } from '../wall/use-look-closer.ts'
import { KeyWanted } from './basemaps/basemap-layer.ts'
import { ConsoleMap } from './console-map.ts'
import { useDistance } from './distance.ts'
import { agencyLayer, INCIDENT_LAYER } from './layers.ts'
import { Legend } from './legend.tsx'
import { looksOf } from './looks.ts'
import styles from './map.module.css'
import { provideMap } from './map-view.ts'
import { lengthOf } from './measure-layer.ts'
import { positions } from './position-store.ts'
import { Readout } from './readout.tsx'
import { TileKeyForm } from './tile-key-form.tsx'
import { Toolbar } from './toolbar.tsx'
import type { Hit } from './unit-layer.ts'

interface Hovering {
  readonly hit: Hit
  readonly at: L.Point
}

const unitAt = (index: number): Unit | undefined =>
  Object.values(store.getState().shared.state.directory.units).find((unit) => unit.index === index)

export function MapPanel() {
  const { t } = useTranslation()
  const send = useSend()
  const { message } = App.useApp()
  const distance = useDistance()
  const element = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<ConsoleMap>()
  const [pointer, setPointer] = useState<Place>()
  const [view, setView] = useState<{ centre: Place; zoom: number }>()
  const [hovering, setHovering] = useState<Hovering>()
  const [measure, setMeasure] = useState<{ points: readonly Place[]; going: boolean }>()
  const [menu, setMenu] = useState<{ place: Place; x: number; y: number }>()
  const [keyWanted, setKeyWanted] = useState<Basemap>()
  /** How often a key was given. */
  const [attempt, setAttempt] = useState(0)

  const { directory, site } = useApp(({ shared }) => shared.state)
  const alarms = useApp(({ shared }) => shared.state.radio.alarms)
  const { theme, language, hiddenLayers } = useApp(({ settings }) => settings.seat)
  const basemap = useBasemap()
  const selected = useApp(({ selection }) => selection.units)
  const selectIncident = useSelectIncident()
  const latestSelect = useRef(selectIncident)
  latestSelect.current = selectIncident
  const lookCloser = useLookCloser()
  const latestLook = useRef(lookCloser)
  latestLook.current = lookCloser
  const incidents = useApp(({ shared }) => shared.state.incidents)
  const incident = useApp(({ incidents }) => incidents.selected)
  const hubDown = useApp(({ status }) =>
    status.link.lamps.some(({ name, state }) => name === 'hub' && state === 'down'),
  )

  useEffect(() => {
    if (element.current === null) return
    const made = new ConsoleMap(element.current, positions, {
      unitClicked: (index, adding) => {
        const unit = unitAt(index)
        if (unit !== undefined) send(adding ? unitToggled(unit.id) : unitSelected(unit.id))
      },
      unitDoubleClicked: (index) => {
        const unit = unitAt(index)
        if (unit !== undefined) latestLook.current(unit)
      },
      incidentClicked: (incident) => latestSelect.current(incident),
      menuAsked: (place, { x, y }) => setMenu({ place, x, y }),
      groundClicked: () => send(selectionCleared()),
      pointerAt: setPointer,
      hovered: (hit, at) => setHovering(hit && { hit, at }),
      viewChanged: (centre, zoom) => setView({ centre, zoom }),
      drawn: (shape) => seek({ kind: 'shape', shape }),
      measured: (points, going) => setMeasure(going || points.length > 1 ? { points, going } : undefined),
    })
    setMap(made)
    provideMap(made)
    return () => {
      provideMap(undefined)
      made.remove()
    }
  }, [send])

  useEffect(() => {
    if (site !== null) map?.openAt(site)
  }, [map, site])
  useEffect(() => {
    if (hubDown) positions.distrust()
  }, [hubDown])
  const hidden = useMemo(
    () => new Set<AgencyKind>(agencyKinds.filter((kind) => hiddenLayers.includes(agencyLayer(kind)))),
    [hiddenLayers],
  )
  useEffect(() => map?.dressUnits(looksOf(directory, hidden, language)), [map, directory, hidden, language])
  useEffect(() => {
    const indexes = selected.flatMap((id) => directory.units[id]?.index ?? [])
    map?.select(new Set(indexes))
  }, [map, selected, directory])
  useEffect(() => {
    const units = Object.values(alarms).flatMap(({ unit }) => directory.units[unit ?? '']?.index ?? [])
    map?.alarm(new Set(units))
  }, [map, alarms, directory])
  const showIncidents = !hiddenLayers.includes(INCIDENT_LAYER)
  useEffect(
    () => map?.showIncidents(showIncidents ? marksOf(incidents, incident) : []),
    [map, incidents, incident, showIncidents],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words for a failure are not what changes the map.
  useEffect(() => {
    const look = {
      theme,
      language,
      basemap,
      showNames: !hiddenLayers.includes('labels'),
      showStale: !hiddenLayers.includes('stale'),
      attempt,
    }
    setKeyWanted(undefined)
    map?.dress(look).catch((error: Error) => {
      if (basemap === 'schematic')
        message.error(t('map.basemapFailed', { name: t('map.schematicName'), why: error.message }))
      else if (error instanceof KeyWanted) setKeyWanted(basemap)
      else message.error(t('map.basemapFailed', { name: named(basemap.name), why: error.message }))
    })
  }, [map, theme, language, basemap, hiddenLayers, attempt])

  const begin = () => map?.measure(distance)
  const end = (clear: boolean) => map?.endMeasure(clear)
  useShortcut('measure', begin)
  useShortcut('home', () => map?.home())
  useShortcut('centre', () => {
    const unit = directory.units[selected[0] ?? '']
    if (unit !== undefined) map?.centreOn(unit.index)
  })
  useEffect(() => {
    if (measure === undefined) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') map?.endMeasure(true)
      else if (event.key === 'Enter' && measure.going) map?.endMeasure(false)
      else return
      event.stopPropagation()
    }
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [map, measure])

  return (
    <section className={styles.panel} aria-label={t('map.label')}>
      <div
        ref={element}
        className={styles.map}
        role="application"
        aria-label={t('map.label')}
        data-testid="map"
      />
      <Toolbar map={map} measuring={measure?.going === true} onMeasure={begin} />
      {measure !== undefined && (
        <div className={styles.measure} role="status">
          {measure.going ? t('map.measureHint') : ''}
          {measure.points.length > 1 && (
            <b>{t('map.measureTotal', { distance: distance(lengthOf(measure.points)) })}</b>
          )}
          <button type="button" onClick={() => end(true)} aria-label={t('common.close')}>
            ✕
          </button>
        </div>
      )}
      {menu !== undefined && <GroundMenu {...menu} onDone={() => setMenu(undefined)} />}
      <SelectionTools map={map} />
      {keyWanted !== undefined && (
        <TileKeyForm basemap={keyWanted} onKept={() => setAttempt((before) => before + 1)} />
      )}
      {hovering !== undefined && <Hover {...hovering} />}
      <footer className={styles.foot}>
        <Legend hidden={hidden} />
        <Readout pointer={pointer} view={view} basemap={basemap} />
      </footer>
      <MapFacts element={element} />
    </section>
  )
}

/** Says on the map's element what is on the canvas, for whoever can't see it: tests, and the picture that `npm start` takes. */
function MapFacts({ element }: { element: RefObject<HTMLDivElement | null> }) {
  useEffect(() => {
    const tell = () => {
      if (element.current === null) return
      const { units, moved } = positions.counts
      element.current.dataset.units = String(units)
      element.current.dataset.moved = String(moved)
    }
    tell()
    return positions.onChange(tell)
  }, [element])
  return null
}

/** The basemap the seat chose, if it is still there; the schematic otherwise. */
function useBasemap(): Basemap | 'schematic' {
  const site = useApp(({ shared }) => shared.state.site?.basemaps)
  const { basemap, mapFiles } = useApp(({ settings }) => settings.seat)
  return useMemo(
    () =>
      [...(site ?? []), ...mapFiles.map((file) => file.basemap)].find(({ id }) => id === basemap) ??
      'schematic',
    [site, mapFiles, basemap],
  )
}

function Hover({ hit, at }: Hovering) {
  const { t } = useTranslation()
  if (hit.kind === 'unit') return null
  return (
    <div className={styles.hover} style={{ left: at.x + 14, top: at.y + 14 }}>
      {t('map.cluster', { n: hit.count })}
    </div>
  )
}
