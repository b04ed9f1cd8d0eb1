/** GeoJSON painted onto canvas tiles as they come into view; kept by Leaflet's grid like any tiles. */
import type { Feature, FeatureCollection, Geometry, Position } from 'geojson'
import L from 'leaflet'
import { toWorld, worldPixels } from '../world.ts'

/** How a feature is painted. Widths in CSS pixels, or in metres on the ground. */
interface Paint {
  /** Lower is painted first. */
  readonly order: number
  readonly fill?: string
  readonly stroke?: string
  readonly width?: number
  readonly metres?: number
  readonly dash?: readonly number[]
  /** Of a point's dot, CSS pixels. */
  readonly dot?: number
  readonly fromZoom?: number
}

export type PaintOf = (
  properties: Readonly<Record<string, unknown>>,
  geometry: Geometry['type'],
) => Paint | undefined

interface Prepared {
  readonly paint: Paint
  /** World coordinates, x and y by turns. */
  readonly lines: readonly Float64Array[]
  readonly closed: boolean
  readonly west: number
  readonly north: number
  readonly east: number
  readonly south: number
  /** Of a ground metre in the world, here. */
  readonly metre: number
}

const EARTH_CIRCUMFERENCE = 40_075_016.686
/** Large ones: every tile costs the compositor at each frame of a zoom. CSS pixels. */
const TILE = 512
/** A tile is painted this much beyond its edge, CSS pixels, so that lines meet. */
const BLEED = 4

/** `datum` is the one the collection's coordinates are in; the map must use it too. */
export class VectorGrid extends L.GridLayer {
  readonly #collection: FeatureCollection
  #prepared: readonly Prepared[] = []
  #background: string

  constructor(
    collection: FeatureCollection,
    paintOf: PaintOf,
    background: string,
    options: L.GridLayerOptions = {},
  ) {
    super({ tileSize: TILE, keepBuffer: 1, updateWhenZooming: false, maxZoom: 20, ...options })
    this.#collection = collection
    this.#background = background
    this.#prepare(paintOf)
  }

  repaint(paintOf: PaintOf, background: string): void {
    this.#background = background
    this.#prepare(paintOf)
    this.redraw()
  }

  #prepare(paintOf: PaintOf): void {
    this.#prepared = this.#collection.features
      .flatMap((feature) => {
        const paint = feature.geometry && paintOf(feature.properties ?? {}, feature.geometry.type)
        return paint ? [prepare(feature, paint)] : []
      })
      .toSorted((a, b) => a.paint.order - b.paint.order)
  }

  protected override createTile({ x, y, z }: L.Coords): HTMLElement {
    const size = this.getTileSize()
    const ratio = window.devicePixelRatio
    const tile = document.createElement('canvas')
    tile.width = size.x * ratio
    tile.height = size.y * ratio
    const context = tile.getContext('2d')
    if (context === null) return tile
    context.scale(ratio, ratio)
    context.fillStyle = this.#background
    context.fillRect(0, 0, size.x, size.y)
    context.lineCap = 'round'
    context.lineJoin = 'round'
    const scale = worldPixels(z)
    const west = (x * size.x) / scale
    const north = (y * size.y) / scale
    const east = west + size.x / scale
    const south = north + size.y / scale
    for (const feature of this.#prepared) {
      if ((feature.paint.fromZoom ?? 0) > z) continue
      const margin = BLEED / scale + (feature.metre * (feature.paint.metres ?? 0)) / 2
      const away =
        feature.east < west - margin ||
        feature.west > east + margin ||
        feature.south < north - margin ||
        feature.north > south + margin
      if (!away) paintFeature(context, feature, scale, west, north)
    }
    return tile
  }
}

function paintFeature(
  context: CanvasRenderingContext2D,
  { paint, lines, closed, metre }: Prepared,
  scale: number,
  west: number,
  north: number,
): void {
  context.beginPath()
  for (const line of lines) {
    for (let at = 0; at < line.length; at += 2) {
      const x = ((line[at] ?? 0) - west) * scale
      const y = ((line[at + 1] ?? 0) - north) * scale
      if (paint.dot !== undefined) {
        context.moveTo(x + paint.dot, y)
        context.arc(x, y, paint.dot, 0, 2 * Math.PI)
      } else if (at === 0) context.moveTo(x, y)
      else context.lineTo(x, y)
    }
    if (closed) context.closePath()
  }
  if (paint.fill !== undefined) {
    context.fillStyle = paint.fill
    context.fill('evenodd')
  }
  if (paint.stroke === undefined) return
  context.strokeStyle = paint.stroke
  context.lineWidth = Math.max(paint.width ?? 0.5, (paint.metres ?? 0) * metre * scale)
  context.setLineDash([...(paint.dash ?? [])])
  context.stroke()
  context.setLineDash([])
}

function prepare({ geometry }: Feature, paint: Paint): Prepared {
  const lines = linesOf(geometry).map((positions) => {
    const line = new Float64Array(positions.length * 2)
    positions.forEach(([lon = 0, lat = 0], at) => {
      // The coordinates are in the map's own datum already, so they are not moved again.
      const world = toWorld('wgs84', lat, lon)
      line[at * 2] = world.x
      line[at * 2 + 1] = world.y
    })
    return line
  })
  let [west, north, east, south] = [1, 1, 0, 0]
  for (const line of lines)
    for (let at = 0; at < line.length; at += 2) {
      west = Math.min(west, line[at] ?? 1)
      east = Math.max(east, line[at] ?? 0)
      north = Math.min(north, line[at + 1] ?? 1)
      south = Math.max(south, line[at + 1] ?? 0)
    }
  const lat = linesOf(geometry)[0]?.[0]?.[1] ?? 0
  const metre = 1 / (EARTH_CIRCUMFERENCE * Math.cos((lat * Math.PI) / 180))
  return { paint, lines, closed: geometry.type.endsWith('Polygon'), west, north, east, south, metre }
}

function linesOf(geometry: Geometry): readonly (readonly Position[])[] {
  switch (geometry.type) {
    case 'Point':
      return [[geometry.coordinates]]
    case 'MultiPoint':
    case 'LineString':
      return [geometry.coordinates]
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates
    case 'MultiPolygon':
      return geometry.coordinates.flat()
    case 'GeometryCollection':
      return geometry.geometries.flatMap(linesOf)
  }
}
