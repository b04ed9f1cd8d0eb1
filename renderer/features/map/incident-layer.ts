/** Incidents on the map: the symbol of the grade with its numeral, a second outline where something is overdue. */
import L from 'leaflet'
import type { Grade } from '../../../contract/deadlines.ts'
import type { Id, Place } from '../../../contract/primitives.ts'
import { lookOfGrade, numeralOf } from '../incidents/grades.ts'
import type { Frame } from './canvas-overlay.ts'
import type { Colours } from './colours.ts'
import { GroundOverlay } from './ground-overlay.ts'

/** An incident as the map shows it. */
export interface IncidentMark {
  readonly id: Id
  readonly place: Place
  readonly grade: Grade | null
  readonly words: string
  readonly overdue: boolean
  readonly selected: boolean
}

const SYMBOL = 30
const BOX = 24
const PICK_RADIUS = 18
const WORDS_FROM_ZOOM = 14

export class IncidentLayer extends GroundOverlay {
  #marks: readonly IncidentMark[] = []
  #spots: readonly { readonly id: Id; readonly x: number; readonly y: number }[] = []

  constructor(colours: Colours) {
    super('incidents', colours)
  }

  show(marks: readonly IncidentMark[]): void {
    this.#marks = marks
    if (marks.length === 0) this.#spots = []
    this.drawsAnything(marks.length > 0)
  }

  /** What is at a point of the map's container. The one drawn last, and so on top, wins. */
  pick(at: L.Point): Id | undefined {
    const frame = this.frame
    if (frame === undefined || this._map === undefined) return undefined
    const point = this._map.containerPointToLayerPoint(at).add(this._map.getPixelOrigin())
    const here = L.point(point.x - frame.left, point.y - frame.top)
    return this.#spots.findLast((spot) => here.distanceTo(L.point(spot.x, spot.y)) <= PICK_RADIUS)?.id
  }

  protected override draw(frame: Frame): void {
    const inOrder = this.#marks.toSorted((a, b) => Number(a.selected) - Number(b.selected))
    this.#spots = inOrder.map((mark) => {
      const spot = this.spot(mark.place, frame)
      this.#mark(frame, mark, spot)
      return { id: mark.id, ...spot }
    })
  }

  #mark({ context, zoom }: Frame, mark: IncidentMark, { x, y }: { x: number; y: number }): void {
    const { path, colour, middle } = lookOfGrade(mark.grade)
    const outline = new Path2D(path)
    context.save()
    context.translate(x - SYMBOL / 2, y - SYMBOL / 2)
    context.scale(SYMBOL / BOX, SYMBOL / BOX)
    context.lineJoin = 'round'
    if (mark.selected || mark.overdue) {
      context.lineWidth = 7
      context.strokeStyle = this.colours(mark.selected ? '--select' : '--alarm')
      context.stroke(outline)
    }
    context.lineWidth = 3
    context.strokeStyle = this.colours('--symbol-line')
    context.stroke(outline)
    context.fillStyle = this.colours(colour)
    context.fill(outline)
    context.fillStyle = this.colours('--on-grade')
    context.font = '700 9px sans-serif'
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.fillText(numeralOf(mark.grade), BOX / 2, middle)
    context.restore()
    if (!mark.selected && !mark.overdue && zoom < WORDS_FROM_ZOOM) return
    context.font = '600 12px "Noto Sans CJK SC", "Microsoft YaHei", sans-serif'
    context.textAlign = 'left'
    context.textBaseline = 'middle'
    context.lineJoin = 'round'
    context.lineWidth = 3
    context.strokeStyle = this.colours('--map-halo')
    const words = mark.overdue ? `▲ ${mark.words}` : mark.words
    context.strokeText(words, x + SYMBOL / 2 + 6, y)
    context.fillStyle = this.colours('--text')
    context.fillText(words, x + SYMBOL / 2 + 6, y)
  }
}
