/**
 * SRTP and SRTCP (RFC 3711) with AES_CM_128_HMAC_SHA1_80, one way each: what is sent and what is received have keys
 * of their own, and a new key for one must not begin the other's count of packets anew.
 */
import { createCipheriv, createHmac, timingSafeEqual } from 'node:crypto'

const KEY_BYTES = 16
const SALT_BYTES = 14
/** Master key and master salt, one after the other. */
export const KEY_MATERIAL_BYTES = KEY_BYTES + SALT_BYTES

const TAG_BYTES = 10
const INDEX_BYTES = 4
const HEADER = 12
const REPORT_HEADER = 8
/** Sequence numbers until they wrap. */
const ROUND = 0x1_0000
/** More sources than any one call has. */
const MOST_SOURCES = 16
const WINDOW = 64
/** E of RFC 3711, 3.4: the report is encrypted. */
const ENCRYPTED = 0x8000_0000

/** Session keys of RTP or of RTCP. */
interface Keys {
  readonly cipher: Buffer
  readonly salt: Buffer
  readonly authentication: Buffer
}

/** RFC 3711, 4.3.1; a key derivation rate of 0. */
function derive(material: Uint8Array, firstLabel: 0 | 3): Keys {
  if (material.length !== KEY_MATERIAL_BYTES) throw new Error(`${material.length} octets are no key and salt`)
  const stream = (label: number, length: number) => {
    const start = Buffer.alloc(16)
    start.set(material.subarray(KEY_BYTES))
    start[7] = (start[7] ?? 0) ^ label
    const cipher = createCipheriv('aes-128-ctr', material.subarray(0, KEY_BYTES), start)
    return cipher.update(Buffer.alloc(length))
  }
  return {
    cipher: stream(firstLabel, KEY_BYTES),
    authentication: stream(firstLabel + 1, 20),
    salt: stream(firstLabel + 2, SALT_BYTES),
  }
}

/** Encrypts and decrypts alike (RFC 3711, 4.1.1); `index` counts packets, below 2^48. */
function crypt({ cipher, salt }: Keys, ssrc: number, index: number, payload: Uint8Array): Buffer {
  const start = Buffer.alloc(16)
  start.writeUInt32BE(ssrc, 4)
  start.writeUIntBE(index, 8, 6)
  for (let at = 0; at < SALT_BYTES; at++) start[at] = (start[at] ?? 0) ^ (salt[at] ?? 0)
  return createCipheriv('aes-128-ctr', cipher, start).update(payload)
}

const tagOf = ({ authentication }: Keys, ...parts: readonly Uint8Array[]): Buffer => {
  const hmac = createHmac('sha1', authentication)
  for (const part of parts) hmac.update(part)
  return hmac.digest().subarray(0, TAG_BYTES)
}

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** The length of a packet's header with all that belongs to it (RFC 3550, 5.1); nothing where it is cut. */
function headerOf(packet: Buffer): number | undefined {
  if (packet.length < HEADER) return undefined
  const first = packet.readUInt8(0)
  const length = HEADER + (first & 0x0f) * 4
  if ((first & 0x10) === 0) return packet.length < length ? undefined : length
  if (packet.length < length + 4) return undefined
  const extended = length + 4 + packet.readUInt16BE(length + 2) * 4
  return packet.length < extended ? undefined : extended
}

/** Protects what is sent. Each stream's first sequence number must be below 2^15 (RFC 3711, 3.3.1). */
export class Sealing {
  readonly #rtp: Keys
  readonly #rtcp: Keys
  readonly #highest = new Map<number, number>()
  #reports = 0

  /** A master key and its salt. */
  constructor(material: Uint8Array) {
    this.#rtp = derive(material, 0)
    this.#rtcp = derive(material, 3)
  }

  /** A plain packet, whole. */
  seal(packet: Buffer): Buffer {
    const start = headerOf(packet) ?? packet.length
    const [ssrc, sequence] = [packet.readUInt32BE(8), packet.readUInt16BE(2)]
    const highest = this.#highest.get(ssrc) ?? sequence
    const index = indexNear(highest, sequence)
    this.#highest.set(ssrc, Math.max(highest, index))
    const header = packet.subarray(0, start)
    const secret = crypt(this.#rtp, ssrc, index, packet.subarray(start))
    return Buffer.concat([header, secret, tagOf(this.#rtp, header, secret, word(Math.floor(index / ROUND)))])
  }

  sealReport(packet: Buffer): Buffer {
    const index = ++this.#reports
    const header = packet.subarray(0, REPORT_HEADER)
    const secret = crypt(this.#rtcp, packet.readUInt32BE(4), index, packet.subarray(REPORT_HEADER))
    const place = word(ENCRYPTED + index)
    return Buffer.concat([header, secret, place, tagOf(this.#rtcp, header, secret, place)])
  }
}

/** Opens what is received, each packet once. */
export class Opening {
  readonly #rtp: Keys
  readonly #rtcp: Keys
  readonly #streams: Sources
  readonly #reports: Sources

  /** A master key and its salt. `mostSources`: of those that it may come from, the oldest beyond it is forgotten. */
  constructor(material: Uint8Array, mostSources = MOST_SOURCES) {
    this.#streams = new Sources(mostSources)
    this.#reports = new Sources(mostSources)
    this.#rtp = derive(material, 0)
    this.#rtcp = derive(material, 3)
  }

  /** Nothing where it isn't theirs, or came before. Nobody else's packet changes anything here. */
  open(packet: Buffer): Buffer | undefined {
    const end = packet.length - TAG_BYTES
    const start = end < HEADER ? undefined : headerOf(packet.subarray(0, end))
    if (start === undefined) return undefined
    const [ssrc, sequence] = [packet.readUInt32BE(8), packet.readUInt16BE(2)]
    const index = indexNear(this.#streams.highest(ssrc) ?? sequence, sequence)
    if (index < 0) return undefined
    const tag = tagOf(this.#rtp, packet.subarray(0, end), word(Math.floor(index / ROUND)))
    if (!timingSafeEqual(tag, packet.subarray(end)) || !this.#streams.admit(ssrc, index)) return undefined
    return Buffer.concat([
      packet.subarray(0, start),
      crypt(this.#rtp, ssrc, index, packet.subarray(start, end)),
    ])
  }

  openReport(packet: Buffer): Buffer | undefined {
    const place = packet.length - TAG_BYTES - INDEX_BYTES
    if (place < REPORT_HEADER) return undefined
    const end = place + INDEX_BYTES
    if (!timingSafeEqual(tagOf(this.#rtcp, packet.subarray(0, end)), packet.subarray(end))) return undefined
    const [ssrc, said] = [packet.readUInt32BE(4), packet.readUInt32BE(place)]
    const index = said % ENCRYPTED
    if (!this.#reports.admit(ssrc, index)) return undefined
    const body = packet.subarray(REPORT_HEADER, place)
    return Buffer.concat([
      packet.subarray(0, REPORT_HEADER),
      said < ENCRYPTED ? body : crypt(this.#rtcp, ssrc, index, body),
    ])
  }
}

/** The index nearest to the highest so far that a sequence number can stand for (RFC 3711, 3.3.1); may be negative. */
function indexNear(highest: number, sequence: number): number {
  const index = highest - (highest % ROUND) + sequence
  if (index - highest > ROUND / 2) return index - ROUND
  return highest - index > ROUND / 2 ? index + ROUND : index
}

/** Knows packets that came before (RFC 3711, 3.3.2): whoever recorded a call must not play it again. */
class Sources {
  readonly #sources = new Map<number, { highest: number; readonly seen: Float64Array }>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  highest(ssrc: number): number | undefined {
    return this.#sources.get(ssrc)?.highest
  }

  /** Whether it is new. Ask only for packets that are known to be theirs. */
  admit(ssrc: number, index: number): boolean {
    const source = this.#sources.get(ssrc) ?? this.#begin(ssrc, index)
    if (index <= source.highest - WINDOW || source.seen[index % WINDOW] === index) return false
    source.seen[index % WINDOW] = index
    source.highest = Math.max(source.highest, index)
    return true
  }

  #begin(ssrc: number, index: number) {
    const source = { highest: index, seen: new Float64Array(WINDOW).fill(-1) }
    this.#sources.set(ssrc, source)
    const [oldest] = this.#sources.keys()
    if (this.#sources.size > this.#most && oldest !== undefined) this.#sources.delete(oldest)
    return source
  }
}
