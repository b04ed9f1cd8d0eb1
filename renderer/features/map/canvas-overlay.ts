/**
 * A canvas over the map that moves with it: larger than the view by a margin, drawn anew when a drag goes
 * beyond that, when the map comes to rest and when asked.
 */
import L from 'leaflet'
import { worldPixels } from './world.ts'

const MARGIN = 0.1

/** What a drawing needs to know: x = world.x * scale - left, in CSS pixels of the canvas. */
export interface Frame {
  readonly context: CanvasRenderingContext2D
  readonly width: number
  readonly height: number
  readonly scale: number
  readonly left: number
  readonly top: number
  readonly zoom: number
}

export abstract class CanvasOverlay extends L.Layer {
  protected readonly canvas = document.createElement('canvas')
  readonly #context: CanvasRenderingContext2D
  readonly #pane: string
  #bounds: L.LatLngBounds | undefined
  /** What of the map's layer the canvas covers, CSS pixels. */
  #reach: L.Bounds | undefined
  #frame: Frame | undefined
  #scheduled = 0
  #following = 0
  #hidden = false

  constructor(pane: string) {
    super()
    this.#pane = pane
    this.canvas.className = 'leaflet-zoom-animated'
    this.canvas.style.pointerEvents = 'none'
    const context = this.canvas.getContext('2d')
    if (context === null) throw new Error('this browser has no canvas')
    this.#context = context
  }

  protected abstract draw(frame: Frame): void

  /** The frame of the last drawing. */
  protected get frame(): Frame | undefined {
    return this.#frame
  }

  override onAdd(map: L.Map): this {
    map.getPane(this.#pane)?.appendChild(this.canvas)
    this.reset()
    return this
  }

  override onRemove(): this {
    cancelAnimationFrame(this.#scheduled)
    cancelAnimationFrame(this.#following)
    this.#scheduled = 0
    this.#following = 0
    this.canvas.remove()
    return this
  }

  override getEvents(): Record<string, L.LeafletEventHandlerFn> {
    return {
      viewreset: this.reset,
      move: () => this.#follow(),
      moveend: this.reset,
      resize: this.reset,
      zoomanim: (event) => this.#zoom(event as L.ZoomAnimEvent),
    }
  }

  /** Draws at the next animation frame, however often it is asked. */
  redraw(): void {
    if (this._map === undefined || this.#hidden || this.#scheduled !== 0) return
    this.#scheduled = requestAnimationFrame(() => {
      this.#scheduled = 0
      if (this.#frame !== undefined && !isZooming(this._map)) this.#draw(this.#frame)
    })
  }

  /** While there is nothing to draw the canvas is hidden: an empty one costs as much as a full one when the map zooms. */
  protected drawsAnything(anything: boolean): void {
    const wasHidden = this.#hidden
    this.#hidden = !anything
    this.canvas.style.display = anything ? '' : 'none'
    if (anything && wasHidden) this.reset()
    else this.redraw()
  }

  /** Puts the canvas where the map is now, and draws. */
  reset = (): void => {
    const map = this._map
    if (map === undefined || this.#hidden) return
    const size = map.getSize()
    const topLeft = map.containerPointToLayerPoint(size.multiplyBy(-MARGIN)).round()
    const full = size.multiplyBy(1 + 2 * MARGIN).round()
    const ratio = window.devicePixelRatio
    const width = Math.round(full.x * ratio)
    const height = Math.round(full.y * ratio)
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width
      this.canvas.height = height
      this.canvas.style.width = `${full.x}px`
      this.canvas.style.height = `${full.y}px`
    }
    L.DomUtil.setTransform(this.canvas, topLeft, 1)
    this.#reach = L.bounds(topLeft, topLeft.add(full))
    this.#bounds = L.latLngBounds(map.layerPointToLatLng(topLeft), map.layerPointToLatLng(topLeft.add(full)))
    const origin = map.getPixelOrigin().add(topLeft)
    const zoom = map.getZoom()
    this.#frame = {
      context: this.#context,
      width: full.x,
      height: full.y,
      scale: worldPixels(zoom),
      left: origin.x,
      top: origin.y,
      zoom,
    }
    cancelAnimationFrame(this.#scheduled)
    this.#scheduled = 0
    this.#draw(this.#frame)
  }

  /** Within a drag: a part of the view that the canvas does not reach would look empty of units. */
  #follow(): void {
    const map = this._map
    if (map === undefined || this.#hidden || this.#following !== 0 || isZooming(map)) return
    const from = map.containerPointToLayerPoint([0, 0])
    if (this.#reach?.contains(L.bounds(from, from.add(map.getSize()))) !== false) return
    this.#following = requestAnimationFrame(() => {
      this.#following = 0
      if (!isZooming(this._map)) this.reset()
    })
  }

  #draw(frame: Frame): void {
    const { context } = frame
    const ratio = window.devicePixelRatio
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, frame.width, frame.height)
    this.draw(frame)
  }

  #zoom({ center, zoom }: L.ZoomAnimEvent): void {
    const map = this._map as L.Map & {
      _latLngBoundsToNewLayerBounds(bounds: L.LatLngBounds, zoom: number, centre: L.LatLng): L.Bounds
    }
    if (this.#bounds === undefined || this.#frame === undefined) return
    const { min } = map._latLngBoundsToNewLayerBounds(this.#bounds, zoom, center)
    if (min !== undefined) L.DomUtil.setTransform(this.canvas, min, map.getZoomScale(zoom, this.#frame.zoom))
  }
}

/** Leaflet keeps this to itself; drawing in the middle of its animation would jump. */
const isZooming = (map: L.Map): boolean =>
  (map as L.Map & { _animatingZoom?: boolean })._animatingZoom === true
