/** What a radio in a group says of itself beside its voice: RTCP (RFC 3550 6). Pure. */

const RECEIVER_REPORT = 201
const SOURCE_DESCRIPTION = 202
const BYE = 203
const APP = 204
const CNAME = 1
const NAME = 2
const ASCII = 'latin1'

export interface RadioNews {
  readonly source: number
  /** Its id: for those who read it. */
  readonly radio: string
  /** It transmits as an emergency. */
  readonly emergency: boolean
  /** It falls silent. */
  readonly over: boolean
}

/** One compound packet: a report on nobody, who it is, how it transmits, and the farewell. */
export const writeNews = ({ source, radio, emergency, over }: RadioNews): Buffer =>
  Buffer.concat([
    packet(RECEIVER_REPORT, 0, source, Buffer.alloc(0)),
    packet(SOURCE_DESCRIPTION, 1, source, Buffer.concat([item(CNAME, `${radio}@lab`), item(NAME, radio)]), 1),
    ...(emergency && !over ? [packet(APP, FLOOR_TAKEN, source, floorTaken(radio))] : []),
    ...(over ? [packet(BYE, 1, source, Buffer.alloc(0))] : []),
  ])

/** Filled up to whole words of 32 bits, with at least so many octets of zero. */
function packet(type: number, count: number, source: number, body: Buffer, zeros = 0): Buffer {
  const length = Math.ceil((8 + body.length + zeros) / 4) * 4
  const bytes = Buffer.alloc(length)
  bytes.writeUInt8(0x80 | count, 0)
  bytes.writeUInt8(type, 1)
  bytes.writeUInt16BE(length / 4 - 1, 2)
  bytes.writeUInt32BE(source, 4)
  body.copy(bytes, 8)
  return bytes
}

const item = (kind: number, text: string): Buffer =>
  Buffer.concat([Buffer.from([kind, text.length]), Buffer.from(text, ASCII)])

/** Of the floor control of mission-critical push-to-talk (3GPP TS 24.380, 8.2): who has the floor, and how. */
const FLOOR_TAKEN = 2
const GRANTED_PARTY = 4
const FLOOR_INDICATOR = 13
/** Bit D of the indicator: an emergency call. */
const EMERGENCY = 0x1000

const floorTaken = (radio: string): Buffer =>
  Buffer.concat([Buffer.from('MCPT', ASCII), padded(item(GRANTED_PARTY, radio)), indicator])

const indicator = Buffer.from([FLOOR_INDICATOR, 2, EMERGENCY >> 8, EMERGENCY & 0xff])

/** Each field fills whole words (3GPP TS 24.380, 8.1.3). */
const padded = (field: Buffer): Buffer => Buffer.concat([field, Buffer.alloc((4 - (field.length % 4)) % 4)])
