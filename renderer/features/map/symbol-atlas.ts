/** Every look a unit can have, drawn once and copied from then on. */
import {
  type AgencyKind,
  agencyKinds,
  type UnitKind,
  type UnitState,
  unitKinds,
  unitStates,
} from '../../../contract/directory.ts'
import { agencyColour, agencyShapes, kindGlyphs, stateBadges } from '../units/shapes.ts'
import type { Colours } from './colours.ts'

/** Of a symbol's box on the map, CSS pixels. */
export const SYMBOL = 22
const HEADINGS = 36
/** Room around a symbol for its heading, CSS pixels. */
const HEADING_BOX = 36

/** A unit's look: which cell of the atlas it is. */
export type Look = number
export const NO_LOOK: Look = 0xffff

export const lookOf = (agency: AgencyKind, kind: UnitKind, state: UnitState): Look =>
  (agencyKinds.indexOf(agency) * unitKinds.length + unitKinds.indexOf(kind)) * unitStates.length +
  unitStates.indexOf(state)

const LOOKS = agencyKinds.length * unitKinds.length * unitStates.length

export class SymbolAtlas {
  readonly #symbols: HTMLCanvasElement
  readonly #headings: HTMLCanvasElement
  readonly #ratio = window.devicePixelRatio

  constructor(colours: Colours) {
    this.#symbols = sheet(LOOKS * SYMBOL, 2 * SYMBOL, this.#ratio, (context) => {
      for (const agency of agencyKinds)
        for (const kind of unitKinds)
          for (const state of unitStates)
            for (const stale of [false, true]) {
              context.save()
              context.translate(lookOf(agency, kind, state) * SYMBOL, stale ? SYMBOL : 0)
              context.scale(SYMBOL / 24, SYMBOL / 24)
              drawSymbol(context, colours, { agency, kind, state, stale })
              context.restore()
            }
    })
    this.#headings = sheet(HEADINGS * HEADING_BOX, HEADING_BOX, this.#ratio, (context) => {
      for (let step = 0; step < HEADINGS; step++) {
        context.save()
        context.translate((step + 0.5) * HEADING_BOX, HEADING_BOX / 2)
        context.rotate((step / HEADINGS) * 2 * Math.PI)
        context.beginPath()
        context.moveTo(0, -HEADING_BOX / 2 + 1)
        context.lineTo(5, -HEADING_BOX / 2 + 8)
        context.lineTo(-5, -HEADING_BOX / 2 + 8)
        context.closePath()
        context.fillStyle = colours('--text')
        context.fill()
        context.lineWidth = 1
        context.strokeStyle = colours('--symbol-line')
        context.stroke()
        context.restore()
      }
    })
  }

  symbol(context: CanvasRenderingContext2D, look: Look, stale: boolean, x: number, y: number): void {
    this.#copy(context, this.#symbols, SYMBOL, look, stale ? 1 : 0, x, y)
  }

  /** `heading` in 0.01 degrees. */
  heading(context: CanvasRenderingContext2D, heading: number, x: number, y: number): void {
    const step = Math.round((heading / 36_000) * HEADINGS) % HEADINGS
    this.#copy(context, this.#headings, HEADING_BOX, step, 0, x, y)
  }

  #copy(
    context: CanvasRenderingContext2D,
    from: HTMLCanvasElement,
    size: number,
    column: number,
    row: number,
    x: number,
    y: number,
  ): void {
    const own = size * this.#ratio
    const half = size / 2
    context.drawImage(
      from,
      column * own,
      row * own,
      own,
      own,
      Math.round(x - half),
      Math.round(y - half),
      size,
      size,
    )
  }
}

interface Appearance {
  readonly agency: AgencyKind
  readonly kind: UnitKind
  readonly state: UnitState
  readonly stale: boolean
}

function drawSymbol(
  context: CanvasRenderingContext2D,
  colours: Colours,
  { agency, kind, state, stale }: Appearance,
): void {
  const outline = new Path2D(agencyShapes[agency])
  context.translate(2, 2)
  context.scale(20 / 24, 20 / 24)
  context.lineJoin = 'round'
  if (stale || state === 'off-duty') {
    context.fillStyle = colours('--glass')
    context.fill(outline)
    context.lineWidth = 2.6
    context.strokeStyle = colours('--stale')
    context.setLineDash(stale ? [4, 3] : [])
    context.stroke(outline)
    context.setLineDash([])
  } else {
    context.lineWidth = 4
    context.strokeStyle = colours('--symbol-line')
    context.stroke(outline)
    context.fillStyle = colours(agencyColour(agency))
    context.fill(outline)
  }
  const glyph = kindGlyphs[kind]
  if (glyph !== undefined) {
    context.fillStyle = colours(stale || state === 'off-duty' ? '--stale' : '--symbol-line')
    context.fill(new Path2D(glyph), 'evenodd')
  }
  const badge = stateBadges[state]
  if (badge === undefined || stale) return
  const path = new Path2D(badge.path)
  context.lineWidth = 2.5
  context.strokeStyle = colours('--symbol-line')
  context.stroke(path)
  context.fillStyle = colours(badge.colour)
  context.fill(path)
}

function sheet(
  width: number,
  height: number,
  ratio: number,
  draw: (context: CanvasRenderingContext2D) => void,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = Math.ceil(width * ratio)
  canvas.height = Math.ceil(height * ratio)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('this browser has no canvas')
  context.scale(ratio, ratio)
  draw(context)
  return canvas
}
