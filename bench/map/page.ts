/** The page of the map benchmark: the console's own map, or Leaflet's circle markers, with as many units as asked. */
import 'leaflet/dist/leaflet.css'
import '../../renderer/app/theme/tokens.css'
import L from 'leaflet'
import { encodeFrame, type FrameRecord } from '../../contract/position-frame.ts'
import { layBasemap } from '../../renderer/features/map/basemaps/basemap-layer.ts'
import { readColours } from '../../renderer/features/map/colours.ts'
import { ConsoleMap } from '../../renderer/features/map/console-map.ts'
import { PositionStore } from '../../renderer/features/map/position-store.ts'

/** What the benchmark asks of either kind of map. */
export interface MapUnderTest {
  /** Shows these records; returns when the call is over. */
  take(records: readonly FrameRecord[]): void
  /** What is at the point, if anything. */
  pick(x: number, y: number): unknown
  zoomBy(step: number): void
}

declare global {
  interface Window {
    bench:
      | {
          startFrames(): void
          stopFrames(): number
          tickMs(): Promise<number>
          pickMs(): number
          zoom(): Promise<void>
        }
      | undefined
  }
}

const CENTRE = { lat: 32.047, lon: 118.779 }
const FRAME_MS = 200
/** Every unit reports this often, ms. */
const REPORT_MS = 2000
const PICKS = 200
const TICKS = 20

const query = new URLSearchParams(location.search)
const count = Number(query.get('units'))
const random = chance(7)
const units: FrameRecord[] = Array.from({ length: count }, (_, index) => ({
  index,
  lat: Math.round((CENTRE.lat + (bell() - 0.5) * 0.3) * 1e7),
  lon: Math.round((CENTRE.lon + (bell() - 0.5) * 0.5) * 1e7),
  heading: Math.floor(random() * 36_000),
  speed: 800,
  age: 1,
  stale: random() < 0.03,
}))

const element = document.getElementById('map')
if (element === null) throw new Error('the page has no map')
const map = query.get('kind') === 'circles' ? await circleMap(element) : await consoleMap(element)
map.take(units)

let cursor = 0
/** One frame's worth of reports: the next few units have gone a little further. */
function nextReports(): FrameRecord[] {
  const due = Math.ceil((count * FRAME_MS) / REPORT_MS)
  return Array.from({ length: due }, () => {
    const unit = units[cursor++ % count] as FrameRecord
    unit.lat += Math.round(Math.cos((unit.heading / 18_000) * Math.PI) * 1500)
    unit.lon += Math.round(Math.sin((unit.heading / 18_000) * Math.PI) * 1500)
    return unit
  })
}
setInterval(() => map.take(nextReports()), FRAME_MS)

let frames = 0
let since = 0
let counting = false
const beat = () => {
  if (counting) frames++
  requestAnimationFrame(beat)
}
requestAnimationFrame(beat)

window.bench = {
  startFrames: () => {
    frames = 0
    since = performance.now()
    counting = true
  },
  stopFrames: () => {
    counting = false
    return (frames * 1000) / (performance.now() - since)
  },
  tickMs: async () => {
    const ticks: number[] = []
    for (let tick = 0; tick < TICKS; tick++) ticks.push(await tickOnce())
    return median(ticks)
  },
  pickMs: () =>
    timed(() => {
      for (let pick = 0; pick < PICKS; pick++) map.pick(300 + random() * 800, 200 + random() * 400)
    }) / PICKS,
  zoom: async () => {
    for (const step of [1, 1, -1, -1, -1, 1]) {
      map.zoomBy(step)
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  },
}

async function consoleMap(parent: HTMLElement): Promise<MapUnderTest> {
  const store = new PositionStore()
  const nothing = () => undefined
  const made = new ConsoleMap(parent, store, {
    unitClicked: nothing,
    unitDoubleClicked: nothing,
    incidentClicked: nothing,
    menuAsked: nothing,
    groundClicked: nothing,
    pointerAt: nothing,
    hovered: nothing,
    viewChanged: nothing,
    measured: nothing,
    drawn: nothing,
  })
  const looks = new Uint16Array(count).map((_, index) => index % 30)
  made.dressUnits({ looks, names: units.map(({ index }) => `Unit ${index}`) })
  await made.dress({
    theme: 'dark',
    language: 'zh',
    basemap: 'schematic',
    showNames: true,
    showStale: true,
    attempt: 0,
  })
  made.goTo(CENTRE, 12)
  return {
    take: (records) => {
      const bytes = encodeFrame(
        { reset: false, tick: 1, hubTime: Date.now() },
        records.length,
        (at) => records[at] as FrameRecord,
      )
      store.take(bytes.buffer as ArrayBuffer)
    },
    pick: (x, y) => made.pick(x, y),
    zoomBy: (step) => made.zoomBy(step),
  }
}

/** The plain way with Leaflet: a circle marker a unit, all on its own canvas. */
async function circleMap(parent: HTMLElement): Promise<MapUnderTest> {
  const leaflet = L.map(parent, { preferCanvas: true, zoomControl: false, attributionControl: false })
  leaflet.setView([CENTRE.lat, CENTRE.lon], 12)
  const { layers } = await layBasemap('schematic', { theme: 'dark', language: 'zh', colours: readColours() })
  for (const layer of layers) layer.addTo(leaflet)
  const renderer = L.canvas({ padding: 0.2 })
  const options = { renderer, radius: 7, weight: 1.5, color: '#0b1118', fillColor: '#5aa9ff', fillOpacity: 1 }
  const markers = units.map(({ lat, lon }) => L.circleMarker([lat / 1e7, lon / 1e7], options).addTo(leaflet))
  return {
    take: (records) => {
      for (const { index, lat, lon } of records) markers[index]?.setLatLng([lat / 1e7, lon / 1e7])
    },
    pick: (x, y) => {
      const at = leaflet.containerPointToLayerPoint([x, y])
      // Leaflet finds the layer under the pointer in the same way, one by one (Canvas._onMouseMove).
      return markers.findLast((marker) =>
        (marker as unknown as { _containsPoint(point: L.Point): boolean })._containsPoint(at),
      )
    },
    zoomBy: (step) => leaflet.setZoom(leaflet.getZoom() + step),
  }
}

/** What a tick costs: taking the reports, and the drawing that it leaves for the next animation frame. */
async function tickOnce(): Promise<number> {
  const reports = nextReports()
  const began = new Promise<number>((resolve) => requestAnimationFrame(() => resolve(performance.now())))
  const taking = timed(() => map.take(reports))
  const drawn = new Promise<number>((resolve) => requestAnimationFrame(() => resolve(performance.now())))
  return taking + (await drawn) - (await began)
}

function timed(work: () => void): number {
  const began = performance.now()
  work()
  return performance.now() - began
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Half the units near the middle, as in a city. */
function bell(): number {
  return (random() + random() + random()) / 3
}

function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}
