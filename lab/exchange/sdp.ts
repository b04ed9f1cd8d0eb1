/** Session descriptions as a simulated phone reads and writes them (RFC 8866, RFC 3264). Pure. */
import { isIPv4 } from 'node:net'

export type Codec = 'PCMU' | 'PCMA'
type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

/** What the other side says of its audio. */
export interface RemoteAudio {
  readonly address: string
  readonly port: number
  /** The first of theirs that a phone speaks. */
  readonly codec: Codec
  /** RTP payload types. */
  readonly payload: number
  readonly telephoneEvent: number | undefined
  /** As they see it: `sendonly` is a hold. */
  readonly direction: Direction
  /** Each stream's m-line without port, in their order, and which of them is the audio: an answer has them all. */
  readonly streams: readonly { readonly kind: string; readonly rest: string }[]
  readonly chosen: number
}

export interface LocalAudio {
  readonly address: string
  readonly port: number
  readonly session: number
  /** One more with every description of the session. */
  readonly version: number
}

const LONGEST = 8 * 1024
const MOST_STREAMS = 16
const fixed: Readonly<Record<string, Codec>> = { '0': 'PCMU', '8': 'PCMA' }
const directions = new Set<string>(['sendrecv', 'sendonly', 'recvonly', 'inactive'])
const isDirection = (word: string): word is Direction => directions.has(word)

/** Undefined if it can't be read, or has no audio over plain RTP that a phone speaks. */
export function parseAudio(body: Buffer): RemoteAudio | undefined {
  if (body.length > LONGEST) return undefined
  const [session = [], ...media] = sectionsOf(body.toString('utf8'))
  if (session[0] !== 'v=0' || media.length > MOST_STREAMS) return undefined
  const streams = media.map(([line = '']) => {
    const [, kind = '', rest = ''] = /^m=(\S+) \d+(?:\/\d+)? (.*)$/.exec(line) ?? []
    return { kind, rest }
  })
  for (const [chosen, lines] of media.entries()) {
    const audio = readAudio(lines, session)
    if (audio !== undefined) return { ...audio, streams, chosen }
  }
  return undefined
}

type Audio = Omit<RemoteAudio, 'streams' | 'chosen'>

function readAudio([line = '', ...lines]: readonly string[], session: readonly string[]): Audio | undefined {
  const [, digits, formats = ''] = /^m=audio (\d{1,5})(?:\/\d+)? RTP\/AVP ([\d ]+)$/.exec(line) ?? []
  const port = Number(digits)
  const address = addressOf(lines, session)
  if (!(port > 0 && port < 65_536) || address === undefined) return undefined
  const names = new Map(
    lines.flatMap((text): [string, string][] => {
      const [, format, name] = /^a=rtpmap:(\d{1,3}) (\S+)$/.exec(text) ?? []
      return format === undefined || name === undefined ? [] : [[format, name.toUpperCase()]]
    }),
  )
  const offered = formats.split(' ').filter((format) => Number(format) < 128)
  const codecOf = (format: string): Codec | undefined => {
    const name = names.get(format)
    if (name === undefined) return fixed[format]
    return /^PCMU\/8000(\/1)?$/.test(name) ? 'PCMU' : /^PCMA\/8000(\/1)?$/.test(name) ? 'PCMA' : undefined
  }
  const payload = offered.find((format) => codecOf(format) !== undefined)
  const codec = payload === undefined ? undefined : codecOf(payload)
  if (codec === undefined) return undefined
  const event = offered.find((format) => names.get(format) === 'TELEPHONE-EVENT/8000')
  const said = [...lines, ...session].map((text) => text.replace(/^a=/, '')).find(isDirection)
  return {
    address,
    port,
    codec,
    payload: Number(payload),
    telephoneEvent: event === undefined ? undefined : Number(event),
    // The old way to hold (RFC 3264 8.4).
    direction: address === '0.0.0.0' ? 'inactive' : (said ?? 'sendrecv'),
  }
}

/** The session's lines, then each stream's. */
function sectionsOf(text: string): string[][] {
  const sections: string[][] = [[]]
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('m=')) sections.push([])
    if (line !== '') sections.at(-1)?.push(line)
  }
  return sections
}

/** Of the first that has a connection line at all: a stream's own goes before the session's. */
function addressOf(...sections: readonly (readonly string[])[]): string | undefined {
  const [line = ''] = sections.flatMap((lines) => lines.filter((one) => one.startsWith('c=')))
  const address = /^c=IN IP4 ([\d.]{7,15})(?:\/\d+)*$/.exec(line)?.[1]
  return address !== undefined && isIPv4(address) ? address : undefined
}

/** How a phone answers: it never holds by itself (RFC 3264 6.1). */
const answered: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
}

/** The answer to an offer: one codec and DTMF if they have it; streams other than the audio are refused. */
export function writeAnswer(offer: RemoteAudio, local: LocalAudio): Buffer {
  const { codec, payload, telephoneEvent, direction } = offer
  const media = offer.streams.flatMap(({ kind, rest }, at) =>
    at === offer.chosen
      ? audioLines(local.port, [[payload, codec]], telephoneEvent, answered[direction])
      : [`m=${kind} 0 ${rest}`],
  )
  return write(local, media)
}

/** For who invites, and for who is invited without an offer. */
export function writeOffer(local: LocalAudio): Buffer {
  const codecs: [number, Codec][] = [
    [8, 'PCMA'],
    [0, 'PCMU'],
  ]
  return write(local, audioLines(local.port, codecs, 101, 'sendrecv'))
}

function audioLines(
  port: number,
  codecs: readonly (readonly [number, Codec])[],
  telephoneEvent: number | undefined,
  direction: Direction,
): string[] {
  const formats = [
    ...codecs.map(([format]) => format),
    ...(telephoneEvent === undefined ? [] : [telephoneEvent]),
  ]
  return [
    `m=audio ${port} RTP/AVP ${formats.join(' ')}`,
    ...codecs.map(([format, name]) => `a=rtpmap:${format} ${name}/8000`),
    ...(telephoneEvent === undefined
      ? []
      : [`a=rtpmap:${telephoneEvent} telephone-event/8000`, `a=fmtp:${telephoneEvent} 0-15`]),
    'a=ptime:20',
    `a=${direction}`,
  ]
}

function write({ address, session, version }: LocalAudio, media: readonly string[]): Buffer {
  const head = ['v=0', `o=- ${session} ${version} IN IP4 ${address}`, 's=-', `c=IN IP4 ${address}`, 't=0 0']
  return Buffer.from([...head, ...media, ''].join('\r\n'))
}
