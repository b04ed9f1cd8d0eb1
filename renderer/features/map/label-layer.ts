/** Names of places, under the units: districts from afar, streets from near. */
import type { Language } from '../../../contract/settings.ts'
import type { PlaceName } from './basemaps/place-names.ts'
import { CanvasOverlay, type Frame } from './canvas-overlay.ts'
import type { Colours } from './colours.ts'
import { type Datum, toWorld } from './world.ts'

const looks: Readonly<Record<PlaceName['kind'], { from: number; to: number; size: number; weight: number }>> =
  {
    district: { from: 9, to: 14, size: 14, weight: 600 },
    place: { from: 13, to: 20, size: 12, weight: 500 },
    water: { from: 10, to: 20, size: 12, weight: 400 },
    island: { from: 11, to: 20, size: 12, weight: 400 },
    green: { from: 12, to: 20, size: 12, weight: 400 },
    building: { from: 16.5, to: 20, size: 11, weight: 400 },
    street: { from: 14, to: 20, size: 11, weight: 400 },
  }
const order: readonly PlaceName['kind'][] = [
  'district',
  'place',
  'water',
  'island',
  'green',
  'street',
  'building',
]

export class LabelLayer extends CanvasOverlay {
  #names: readonly PlaceName[] = []
  #language: Language = 'zh'
  #datum: Datum = 'wgs84'
  #colours: Colours

  constructor(colours: Colours) {
    super('labels')
    this.#colours = colours
  }

  write(names: readonly PlaceName[], language: Language, datum: Datum, colours: Colours): void {
    this.#names = names.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    this.#language = language
    this.#datum = datum
    this.#colours = colours
    this.drawsAnything(names.length > 0)
  }

  protected override draw({ context, scale, left, top, width, height, zoom }: Frame): void {
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.lineJoin = 'round'
    context.lineWidth = 3
    context.strokeStyle = this.#colours('--map-halo')
    context.fillStyle = this.#colours('--map-text')
    const taken: { x: number; y: number; half: number }[] = []
    for (const { name, at, kind } of this.#names) {
      const { from, to, size, weight } = looks[kind]
      if (zoom < from || zoom > to) continue
      const world = toWorld(this.#datum, at.lat, at.lon)
      const x = world.x * scale - left
      const y = world.y * scale - top
      if (x < 0 || y < 0 || x > width || y > height) continue
      const text = name[this.#language]
      context.font = `${weight} ${size}px "Noto Sans CJK SC", "Microsoft YaHei", sans-serif`
      const half = context.measureText(text).width / 2 + 4
      if (taken.some((other) => Math.abs(other.y - y) < 16 && Math.abs(other.x - x) < other.half + half))
        continue
      taken.push({ x, y, half })
      context.strokeText(text, x, y)
      context.fillText(text, x, y)
    }
  }
}
