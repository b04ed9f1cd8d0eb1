/** Coordinates as people write them. Pure. */
import type { Place } from '../../../contract/primitives.ts'

/** `118.7782° E 32.0731° N` */
export function writePlace({ lat, lon }: Place): string {
  const part = (value: number, plus: string, minus: string) =>
    `${Math.abs(value).toFixed(5)}° ${value < 0 ? minus : plus}`
  return `${part(lon, 'E', 'W')} ${part(lat, 'N', 'S')}`
}

interface Angle {
  readonly degrees: number
  readonly axis: 'lat' | 'lon' | undefined
}

const axes: Readonly<Record<string, { axis: 'lat' | 'lon'; sign: number }>> = {
  N: { axis: 'lat', sign: 1 },
  S: { axis: 'lat', sign: -1 },
  E: { axis: 'lon', sign: 1 },
  W: { axis: 'lon', sign: -1 },
  北: { axis: 'lat', sign: 1 },
  南: { axis: 'lat', sign: -1 },
  东: { axis: 'lon', sign: 1 },
  西: { axis: 'lon', sign: -1 },
}

const size =
  /(-?\d{1,3}(?:\.\d+)?)\s*[°度]?(?:\s*(\d{1,2}(?:\.\d+)?)\s*['′分])?(?:\s*(\d{1,2}(?:\.\d+)?)\s*["″秒])?/
const direction = /([NSEW北南东西])[经纬]?/

/** One angle: decimal degrees, or degrees, minutes and seconds; its direction stands before or after it, or nowhere. */
const angle = new RegExp(
  `${direction.source}\\s*${size.source}|${size.source}(?:\\s*${direction.source})?`,
  'giu',
)

/**
 * Reads WGS-84 coordinates: `118.78, 32.04`, `32.04 118.78`, `32°02'24"N 118°46'48"E`, `东经118.78 北纬32.04`.
 * Without directions, what can't be a latitude is the longitude; if both could be, longitude comes first.
 */
export function readPlace(text: string): Place | undefined {
  if (/[^\d\s.,;,、;°度'′分"″秒+NSEW北南东西经纬-]/iu.test(text)) return undefined
  const angles = [...text.matchAll(angle)].map(readAngle)
  const [first, second] = angles
  if (angles.length !== 2 || first === undefined || second === undefined) return undefined
  if (first.axis !== undefined && first.axis === second.axis) return undefined
  const latFirst =
    first.axis === 'lat' ||
    second.axis === 'lon' ||
    (first.axis === undefined && Math.abs(second.degrees) > 90)
  const [lat, lon] = latFirst ? [first.degrees, second.degrees] : [second.degrees, first.degrees]
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : undefined
}

function readAngle([, before, ...parts]: RegExpExecArray): Angle {
  const [degrees, minutes, seconds] = before === undefined ? parts.slice(3) : parts
  const found = axes[(before ?? parts[6] ?? '').toUpperCase()]
  const whole = Number(degrees)
  const turned = Math.abs(whole) + Number(minutes ?? 0) / 60 + Number(seconds ?? 0) / 3600
  return { degrees: (found?.sign ?? (whole < 0 ? -1 : 1)) * turned, axis: found?.axis }
}
