/** Session descriptions as text (RFC 8866): read with tolerance, as far as one stream of voice needs it. */
import type { Direction } from './media-session.ts'

export interface SdpLine {
  /** `audio`, `video`, … */
  readonly kind: string
  /** 0: refused, or gone. */
  readonly port: number
  /** `RTP/AVP` and its kin. */
  readonly protocol: string
  readonly formats: readonly string[]
  /** The line's own address, or that of the whole description. */
  readonly address: string | undefined
  readonly direction: Direction
  /** Name and value of each `a=`, names in lower case. */
  readonly attributes: readonly (readonly [name: string, value: string])[]
}

const LONGEST = 64 * 1024
const MOST_LINES = 32
const directions: readonly string[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] satisfies Direction[]
const isDirection = (name: string): name is Direction => directions.includes(name)

/** The m-lines of a description; none if it has none, or more than anybody means. */
export function parseSdp(text: string): readonly SdpLine[] {
  if (text.length > LONGEST) return []
  const sections = splitSections(text)
  const [session = [], ...media] = sections
  if (media.length > MOST_LINES) return []
  const common = {
    address: addressIn(session),
    direction: directionIn(session),
    attributes: attributesIn(session).filter(([name]) => inherited.has(name)),
  }
  return media.flatMap((section) => {
    const [, kind = '', port = '', protocol = '', formats = ''] =
      /^m=(\S+)\s+(\d{1,5})(?:\/\d+)?\s+(\S+)\s*(.*)$/.exec(section[0] ?? '') ?? []
    if (kind === '' || Number(port) > 65_535) return [unreadable]
    return [
      {
        kind: kind.toLowerCase(),
        port: Number(port),
        protocol: protocol.toUpperCase(),
        formats: formats.split(/\s+/).filter((format) => format !== ''),
        address: addressIn(section) ?? common.address,
        direction: directionIn(section) ?? common.direction ?? 'sendrecv',
        attributes: withInherited(attributesIn(section), common.attributes),
      },
    ]
  })
}

/** Attributes that hold for every m-line that has none of its own (RFC 8122, 5; RFC 4145, 4). */
const inherited: ReadonlySet<string> = new Set(['fingerprint', 'setup'])

const withInherited = (own: SdpLine['attributes'], common: SdpLine['attributes']): SdpLine['attributes'] => [
  ...own,
  ...common.filter(([name]) => !own.some(([each]) => each === name)),
]

/** Keeps its place among the others, for answers are matched by place (RFC 3264, 6). */
const unreadable: SdpLine = {
  kind: 'application',
  port: 0,
  protocol: 'RTP/AVP',
  formats: ['0'],
  address: undefined,
  direction: 'inactive',
  attributes: [],
}

function splitSections(text: string): string[][] {
  const sections: string[][] = [[]]
  for (const line of text.split(/\r\n|\n|\r/)) {
    const trimmed = line.trim()
    if (/^m=/i.test(trimmed)) sections.push([])
    sections.at(-1)?.push(/^[A-Z]=/.test(trimmed) ? trimmed[0]?.toLowerCase() + trimmed.slice(1) : trimmed)
  }
  return sections
}

const addressIn = (lines: readonly string[]): string | undefined =>
  lines.map((line) => /^c=IN\s+IP[46]\s+(\S+)/i.exec(line)?.[1]).find((address) => address !== undefined)

const directionIn = (lines: readonly string[]): Direction | undefined =>
  attributesIn(lines)
    .map(([name]) => name)
    .find(isDirection)

const attributesIn = (lines: readonly string[]): (readonly [string, string])[] =>
  lines.flatMap((line) => {
    const [, name, value = ''] = /^a=([^:\s]+)(?::\s*(.*))?$/.exec(line) ?? []
    return name === undefined ? [] : [[name.toLowerCase(), value] as const]
  })

/** All values of one attribute. */
export const valuesOf = (line: SdpLine, name: string): string[] =>
  line.attributes.filter(([each]) => each === name).map(([, value]) => value)

/** What we say of one m-line. */
export interface OwnLine {
  readonly kind: string
  readonly port: number
  readonly protocol: string
  readonly formats: readonly string[]
  /** Whole, without `a=`. */
  readonly attributes: readonly string[]
}

export interface Origin {
  readonly id: number
  readonly version: number
  /** An IPv4 address. */
  readonly host: string
}

export const writeSdp = ({ id, version, host }: Origin, lines: readonly OwnLine[]): string =>
  [
    'v=0',
    `o=- ${id} ${version} IN IP4 ${host}`,
    's=-',
    `c=IN IP4 ${host}`,
    't=0 0',
    ...lines.flatMap(({ kind, port, protocol, formats, attributes }) => [
      `m=${kind} ${port} ${protocol} ${formats.join(' ')}`,
      ...attributes.map((attribute) => `a=${attribute}`),
    ]),
    '',
  ].join('\r\n')
