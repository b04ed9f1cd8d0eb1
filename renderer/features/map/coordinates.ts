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

/** One angle: decimal degrees, or degrees, minutes and seconds, with or without its direction before or after it. */
const angle =
  /([NSEW北南东西])?[经纬]?\s*(-?\d{1,3}(?:\.\d+)?)\s*[°度]?(?:\s*(\d{1,2}(?:\.\d+)?)\s*['′分])?(?:\s*(\d{1,2}(?:\.\d+)?)\s*["″秒])?\s*([NSEW北南东西])?[经纬]?/giu

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

function readAngle([, before, degrees, minutes, seconds, after]: RegExpExecArray): Angle {
  const direction = axes[(before ?? after ?? '').toUpperCase()]
  const whole = Number(degrees)
  const size = Math.abs(whole) + Number(minutes ?? 0) / 60 + Number(seconds ?? 0) / 3600
  const sign = direction?.sign ?? (whole < 0 ? -1 : 1)
  return { degrees: sign * size, axis: direction?.axis }
}
