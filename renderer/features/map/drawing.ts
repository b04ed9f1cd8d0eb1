/**
 * Drawing on the map with Terra Draw: it knows pointers, clicks and drags; what it has drawn so far goes to the
 * console's own canvas. Its adapter for Leaflet is not used: that one writes style sheets, which the page's policy
 * forbids, and draws without the basemap's datum.
 */
import type L from 'leaflet'
import {
  TerraDraw,
  TerraDrawCircleMode,
  TerraDrawExtend,
  TerraDrawFreehandMode,
  TerraDrawLineStringMode,
  TerraDrawPolygonMode,
  TerraDrawRectangleMode,
} from 'terra-draw'
import { metresBetween, type Place } from '../../../contract/primitives.ts'
import type { Shape } from '../selection/shapes.ts'
import type { ShapeLayer, Sketch } from './shape-layer.ts'

/** Each with Terra Draw's name of what draws it. */
const modes = {
  box: 'rectangle',
  circle: 'circle',
  polygon: 'polygon',
  freehand: 'freehand',
  corridor: 'linestring',
} as const
export type DrawTool = keyof typeof modes

export interface Pencil {
  readonly tool: DrawTool
  /** Of corridors, m. */
  readonly widthM: number
}

type Changes = Parameters<TerraDrawExtend.TerraDrawBaseAdapter['render']>[0]
type Feature = Changes['created'][number]

export class Drawing {
  readonly #paper: Paper
  readonly #draw: TerraDraw
  #pencil: Pencil

  /** `onShape`: one is drawn to its end; the pencil stays in the hand. */
  constructor(map: L.Map, layer: ShapeLayer, pencil: Pencil, onShape: (shape: Shape) => void) {
    this.#pencil = pencil
    this.#paper = new Paper(map, layer)
    this.#draw = new TerraDraw({
      adapter: this.#paper,
      modes: [
        new TerraDrawRectangleMode({ drawInteraction: 'click-move-or-drag' }),
        new TerraDrawCircleMode({ drawInteraction: 'click-move-or-drag' }),
        new TerraDrawPolygonMode(),
        new TerraDrawFreehandMode({ drawInteraction: 'click-move-or-drag', smoothing: 0 }),
        new TerraDrawLineStringMode(),
      ],
    })
    this.#draw.start()
    this.#draw.on('finish', (id) => {
      const feature = this.#draw.getSnapshotFeature(id)
      this.#draw.clear()
      const shape = feature && shapeOf(feature, this.#pencil)
      if (shape !== undefined) onShape(shape)
    })
    this.use(pencil)
  }

  use(pencil: Pencil): void {
    const other = this.#draw.getMode() !== modes[pencil.tool]
    this.#pencil = pencil
    this.#paper.widthM = pencil.widthM
    this.#paper.show()
    if (other) this.#draw.setMode(modes[pencil.tool])
  }

  end(): void {
    this.#draw.stop()
  }
}

/** What Terra Draw draws on. */
class Paper extends TerraDrawExtend.TerraDrawBaseAdapter {
  widthM = 0
  readonly #map: L.Map
  readonly #layer: ShapeLayer
  readonly #features = new Map<Feature['id'], Feature>()

  constructor(map: L.Map, layer: ShapeLayer) {
    super({ coordinatePrecision: 7 })
    this.#map = map
    this.#layer = layer
  }

  override register(callbacks: Parameters<TerraDrawExtend.TerraDrawBaseAdapter['register']>[0]): void {
    super.register(callbacks)
    callbacks.onReady?.()
  }

  override getMapEventElement(): HTMLElement {
    return this.#map.getContainer()
  }

  override getLngLatFromEvent(event: PointerEvent | MouseEvent): { lng: number; lat: number } {
    const { containerX, containerY } = this.getMapElementXYPosition(event)
    return this.unproject(containerX, containerY)
  }

  override project(lng: number, lat: number): { x: number; y: number } {
    return this.#map.latLngToContainerPoint([lat, lng])
  }

  override unproject(x: number, y: number): { lng: number; lat: number } {
    return this.#map.containerPointToLatLng([x, y])
  }

  override setCursor(cursor: string): void {
    this.getMapEventElement().style.cursor = cursor === 'unset' ? '' : cursor
  }

  override setDraggability(enabled: boolean): void {
    if (enabled) this.#map.dragging.enable()
    else this.#map.dragging.disable()
  }

  override setDoubleClickToZoom(): void {
    // The console's map does not zoom by itself on a double click.
  }

  override render({ created, updated, deletedIds }: Changes): void {
    for (const id of deletedIds) this.#features.delete(id)
    for (const feature of [...created, ...updated]) this.#features.set(feature.id, feature)
    this.show()
  }

  override clear(): void {
    this._currentModeCallbacks?.onClear()
    this.#features.clear()
    this.show()
  }

  show(): void {
    const sketches = [...this.#features.values()].flatMap((feature) => sketchOf(feature) ?? [])
    this.#layer.sketch(sketches, this.widthM)
  }
}

const placeOf = ([lon = 0, lat = 0]: readonly number[]): Place => ({ lat, lon })

function sketchOf({ geometry }: Feature): Sketch | undefined {
  switch (geometry.type) {
    case 'Polygon':
      return { kind: 'area', points: (geometry.coordinates[0] ?? []).map(placeOf) }
    case 'LineString':
      return { kind: 'line', points: geometry.coordinates.map(placeOf) }
    case 'Point':
      return { kind: 'handle', points: [placeOf(geometry.coordinates)] }
    default:
      return undefined
  }
}

/** Undefined for what has no extent, as a box that was clicked twice in one place. */
function shapeOf(feature: Feature, { tool, widthM }: Pencil): Shape | undefined {
  const points = sketchOf(feature)?.points ?? []
  if (new Set(points.map(({ lat, lon }) => `${lat} ${lon}`)).size < 2) return undefined
  if (tool === 'corridor') return { kind: 'corridor', line: points, widthM }
  if (tool !== 'circle') return { kind: 'polygon', ring: points }
  const [corner] = points
  if (corner === undefined) return undefined
  const middle = (of: (place: Place) => number) =>
    (Math.min(...points.map(of)) + Math.max(...points.map(of))) / 2
  const centre = { lat: middle(({ lat }) => lat), lon: middle(({ lon }) => lon) }
  return { kind: 'circle', centre, radiusM: Math.max(...points.map((point) => metresBetween(centre, point))) }
}
