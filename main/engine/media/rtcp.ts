/** RTCP (RFC 3550, 6): what each side received of the other. */
import { isRtcp } from './rtp.ts'

/** RFC 3550, 6.4.1. */
export interface ReceptionReport {
  readonly ssrc: number
  /** Of what was expected since the last report, in 256ths. */
  readonly fractionLost: number
  /** Packets, from the beginning; duplicates make it negative. */
  readonly lost: number
  readonly highestSequence: number
  /** In timestamp units. */
  readonly jitter: number
  /** The middle 32 bits of the newest sender report's time; 0: none came. */
  readonly lastSenderReport: number
  /** Since then, in 65,536ths of a second. */
  readonly delaySince: number
}

export interface SenderInfo {
  /** NTP time: seconds since 1900, and 2^-32 parts of one. */
  readonly ntpSeconds: number
  readonly ntpFraction: number
  readonly timestamp: number
  readonly packets: number
  readonly octets: number
}

export interface RtcpReport {
  readonly ssrc: number
  readonly sender: SenderInfo | undefined
  readonly reports: readonly ReceptionReport[]
}

const SENDER_REPORT = 200
const RECEIVER_REPORT = 201
const SOURCE_DESCRIPTION = 202
const BYE = 203
const APPLICATION = 204
/** Items of a source description (RFC 3550, 12.2). */
const CNAME = 1
const NAME = 2
const REPORT_BYTES = 24
const SENDER_BYTES = 20
const NTP_EPOCH_SECONDS = 2_208_988_800

/** The reports of a compound packet; none in rubbish. Other packets in it are left out. */
export function parseRtcp(bytes: Uint8Array): readonly RtcpReport[] {
  const found: RtcpReport[] = []
  for (const { type, count, body } of packetsOf(bytes)) {
    if (type !== SENDER_REPORT && type !== RECEIVER_REPORT) continue
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
    const start = 4 + (type === SENDER_REPORT ? SENDER_BYTES : 0)
    if (start + count * REPORT_BYTES > body.length) continue
    found.push({
      ssrc: view.getUint32(0),
      sender: type === SENDER_REPORT ? readSender(view, 4) : undefined,
      reports: Array.from({ length: count }, (_, at) => readReport(view, start + at * REPORT_BYTES)),
    })
  }
  return found
}

/** What a compound packet says of its sources besides reports. */
export interface SourceNews {
  /** By SSRC: the name for people, or else the canonical one. */
  readonly names: ReadonlyMap<number, string>
  /** Those that take their leave. */
  readonly gone: readonly number[]
  /** Those that talk, or call, in an emergency. */
  readonly emergencies: readonly number[]
}

/** Nothing of rubbish. Names are as they came: control characters and all. */
export function parseSourceNews(bytes: Uint8Array): SourceNews {
  const names = new Map<number, string>()
  const gone: number[] = []
  const emergencies: number[] = []
  for (const { type, count, body } of packetsOf(bytes)) {
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
    if (type === APPLICATION && count === FLOOR_TAKEN && isEmergency(view))
      emergencies.push(view.getUint32(0))
    if (type === BYE)
      for (let at = 0; at < count && at * 4 + 4 <= body.length; at++) gone.push(view.getUint32(at * 4))
    if (type === SOURCE_DESCRIPTION) readDescriptions(view, body, count, names)
  }
  return { names, gone, emergencies }
}

/** Floor Taken of mission-critical push-to-talk: an application's packet of this name and subtype (3GPP TS 24.380, 8.2). */
const MCPT = 0x4d435054
const FLOOR_TAKEN = 2
/** The field that says what sort of call it is, two octets; bit D: an emergency. */
const FLOOR_INDICATOR = 13
const EMERGENCY = 0x1000

/** After SSRC and name come fields, each of a number, a length and octets up to a whole word (8.1.3). */
function isEmergency(view: DataView): boolean {
  if (view.byteLength < 8 || view.getUint32(4) !== MCPT) return false
  let at = 8
  while (at + 4 <= view.byteLength) {
    const length = view.getUint8(at + 1)
    if (view.getUint8(at) === FLOOR_INDICATOR && length === 2)
      return (view.getUint16(at + 2) & EMERGENCY) !== 0
    at += (2 + length + 3) & ~3
  }
  return false
}

/** The packets of a compound one, without their first words; up to the first that is none. */
function* packetsOf(bytes: Uint8Array): Generator<{ type: number; count: number; body: Uint8Array }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let offset = 0
  while (offset + 4 <= bytes.length) {
    const first = view.getUint8(offset)
    const end = offset + 4 + view.getUint16(offset + 2) * 4
    if (first >> 6 !== 2 || !isRtcp(bytes.subarray(offset)) || end > bytes.length) return
    yield { type: view.getUint8(offset + 1), count: first & 0x1f, body: bytes.subarray(offset + 4, end) }
    offset = end
  }
}

/** RFC 3550, 6.5: chunks that begin at whole words, each of items up to a zero octet. */
function readDescriptions(view: DataView, body: Uint8Array, count: number, names: Map<number, string>): void {
  let at = 0
  for (let chunk = 0; chunk < count && at + 4 <= body.length; chunk++) {
    const ssrc = view.getUint32(at)
    at += 4
    let canonical: string | undefined
    let shown: string | undefined
    for (let item = body[at] ?? 0; item !== 0; item = body[at] ?? 0) {
      const length = body[at + 1] ?? 0
      if (at + 2 + length > body.length) return
      const text = new TextDecoder().decode(body.subarray(at + 2, at + 2 + length))
      if (item === CNAME) canonical = text
      if (item === NAME) shown = text
      at += 2 + length
    }
    const name = shown ?? canonical
    if (name !== undefined) names.set(ssrc, name)
    at = (at + 4) & ~3
  }
}

const readSender = (view: DataView, offset: number): SenderInfo => ({
  ntpSeconds: view.getUint32(offset),
  ntpFraction: view.getUint32(offset + 4),
  timestamp: view.getUint32(offset + 8),
  packets: view.getUint32(offset + 12),
  octets: view.getUint32(offset + 16),
})

const readReport = (view: DataView, offset: number): ReceptionReport => ({
  ssrc: view.getUint32(offset),
  fractionLost: view.getUint8(offset + 4),
  lost: (view.getInt32(offset + 4) << 8) >> 8,
  highestSequence: view.getUint32(offset + 8),
  jitter: view.getUint32(offset + 12),
  lastSenderReport: view.getUint32(offset + 16),
  delaySince: view.getUint32(offset + 20),
})

/**
 * A report, the name that every compound packet must have (RFC 3550, 6.1), one for people if there is one, and the
 * farewell if it is the last.
 */
export function writeRtcp(
  { ssrc, sender, reports }: RtcpReport,
  name: string,
  bye = false,
  shownName?: string,
): Buffer {
  const head = Buffer.alloc(8 + (sender === undefined ? 0 : SENDER_BYTES))
  writeHead(head, reports.length, sender === undefined ? RECEIVER_REPORT : SENDER_REPORT)
  head.writeUInt16BE((head.length + reports.length * REPORT_BYTES) / 4 - 1, 2)
  head.writeUInt32BE(ssrc, 4)
  if (sender !== undefined) {
    const { ntpSeconds, ntpFraction, timestamp, packets, octets } = sender
    for (const [at, value] of [ntpSeconds, ntpFraction, timestamp, packets, octets].entries())
      head.writeUInt32BE(value >>> 0, 8 + at * 4)
  }
  return Buffer.concat([
    head,
    ...reports.map(writeReport),
    descriptionOf(
      ssrc,
      shownName === undefined
        ? [[CNAME, name]]
        : [
            [CNAME, name],
            [NAME, shownName],
          ],
    ),
    ...(bye ? [farewell(ssrc)] : []),
  ])
}

function writeReport(report: ReceptionReport): Buffer {
  const bytes = Buffer.alloc(REPORT_BYTES)
  bytes.writeUInt32BE(report.ssrc, 0)
  bytes.writeInt32BE(Math.max(-0x80_0000, Math.min(0x7f_ffff, report.lost)), 4)
  bytes.writeUInt8(report.fractionLost, 4)
  bytes.writeUInt32BE(report.highestSequence >>> 0, 8)
  bytes.writeUInt32BE(report.jitter >>> 0, 12)
  bytes.writeUInt32BE(report.lastSenderReport >>> 0, 16)
  bytes.writeUInt32BE(report.delaySince >>> 0, 20)
  return bytes
}

function descriptionOf(ssrc: number, items: readonly (readonly [number, string])[]): Buffer {
  const written = items.map(([item, text]) => {
    const octets = Buffer.from(text.slice(0, 200), 'latin1')
    return Buffer.concat([Buffer.from([item, octets.length]), octets])
  })
  const length = written.reduce((sum, { length }) => sum + length, 8)
  // One zero octet at least ends the list, and it fills up words.
  const bytes = Buffer.alloc(Math.ceil((length + 1) / 4) * 4)
  writeHead(bytes, 1, SOURCE_DESCRIPTION)
  bytes.writeUInt32BE(ssrc, 4)
  Buffer.concat(written).copy(bytes, 8)
  return bytes
}

function farewell(ssrc: number): Buffer {
  const bytes = Buffer.alloc(8)
  writeHead(bytes, 1, BYE)
  bytes.writeUInt32BE(ssrc, 4)
  return bytes
}

function writeHead(bytes: Buffer, count: number, type: number): void {
  bytes[0] = 0x80 | count
  bytes[1] = type
  bytes.writeUInt16BE(bytes.length / 4 - 1, 2)
}

/** NTP's seconds and fraction at a time in milliseconds since 1970. */
export function ntpOf(at: number): { readonly ntpSeconds: number; readonly ntpFraction: number } {
  const seconds = Math.floor(at / 1000)
  return {
    ntpSeconds: (seconds + NTP_EPOCH_SECONDS) >>> 0,
    ntpFraction: Math.floor(((at - seconds * 1000) / 1000) * 2 ** 32) >>> 0,
  }
}

/** The middle 32 bits of an NTP time. */
export const middleOf = ({
  ntpSeconds,
  ntpFraction,
}: Pick<SenderInfo, 'ntpSeconds' | 'ntpFraction'>): number =>
  ((ntpSeconds << 16) | (ntpFraction >>> 16)) >>> 0

/** Round trip in milliseconds of our report that theirs refers to (RFC 3550, 6.4.1); `at` since 1970. */
export function roundTripOf(report: ReceptionReport, at: number): number | undefined {
  if (report.lastSenderReport === 0) return undefined
  const units = (middleOf(ntpOf(at)) - report.lastSenderReport - report.delaySince) | 0
  return units < 0 ? undefined : (units / 65_536) * 1000
}
