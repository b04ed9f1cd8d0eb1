/** SIP messages as they are on the wire (RFC 3261 7 and 20). Pure. */

/** Name as it is usually written, value without the white space around it. */
export type Header = readonly [name: string, value: string]

export interface SipRequest {
  readonly kind: 'request'
  readonly method: string
  readonly uri: string
  readonly headers: readonly Header[]
  readonly body: Buffer
}

export interface SipResponse {
  readonly kind: 'response'
  /** 100 to 699. */
  readonly status: number
  readonly reason: string
  readonly headers: readonly Header[]
  readonly body: Buffer
}

export type SipMessage = SipRequest | SipResponse

export interface Malformed {
  readonly kind: 'malformed'
  readonly why: string
  /** The request, if enough of it could be read to answer it with 400. */
  readonly request?: SipRequest
}

/** Octets of a whole message; what is longer is not looked at. */
export const LONGEST_MESSAGE = 16 * 1024
const MOST_HEADERS = 128
const LONGEST_HEADER = 4096

/** The compact forms (RFC 3261 7.3.3, 3515, 3891, 3892, 4028, 6665). */
const compact: Readonly<Record<string, string>> = {
  b: 'Referred-By',
  c: 'Content-Type',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
}
/** Headers that may carry several values, of which each is used by itself. */
const lists = new Set(['via', 'contact', 'route', 'record-route'])

const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/
const REQUEST_LINE = /^([A-Z]{1,32}) (\S{1,2048}) SIP\/2\.0$/
const STATUS_LINE = /^SIP\/2\.0 ([1-6]\d\d) (.*)$/
const CSEQ = /^(\d{1,10})\s+([A-Z]{1,32})$/
const MOST_CSEQ = 2 ** 31

/** Reads one datagram. Everything that isn't SIP comes back as malformed; it never throws. */
export function parseMessage(datagram: Buffer): SipMessage | Malformed {
  if (datagram.length > LONGEST_MESSAGE) return malformed('too long')
  const end = datagram.indexOf('\r\n\r\n')
  if (end < 0) return malformed('no empty line')
  const [startLine = '', ...lines] = unfold(datagram.subarray(0, end).toString('utf8'))
  if (lines.length > MOST_HEADERS) return malformed('too many headers')
  const request = REQUEST_LINE.exec(startLine)
  const status = STATUS_LINE.exec(startLine)
  if (request === null && status === null) return malformed('not the first line of a SIP message')
  const headers: Header[] = []
  const faults: string[] = []
  for (const line of lines) {
    const read = readHeader(line)
    if (read === undefined) faults.push('a header that is none')
    else headers.push(...read)
  }
  const rest = datagram.subarray(end + 4)
  // Over UDP the body may be followed by rubbish, but may not be shorter than announced (18.3).
  const length = contentLength(headers, rest.length)
  if (length === undefined) faults.push('Content-Length')
  const body = Buffer.from(rest.subarray(0, length))
  const message: SipMessage =
    request === null
      ? { kind: 'response', status: Number(status?.[1]), reason: status?.[2] ?? '', headers, body }
      : { kind: 'request', method: request[1] ?? '', uri: request[2] ?? '', headers, body }
  faults.push(...faultsOf(message))
  const [why] = faults
  if (why === undefined) return message
  const answerable = message.kind === 'request' && mandatory.every((name) => header(message, name) !== '')
  return { kind: 'malformed', why, ...(answerable ? { request: message } : {}) }
}

const malformed = (why: string): Malformed => ({ kind: 'malformed', why })

/** Header lines, of which one that begins with white space goes on with the one before (7.3.1). */
const unfold = (head: string): string[] => head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')

function readHeader(line: string): Header[] | undefined {
  const colon = line.indexOf(':')
  if (colon < 1 || line.length > LONGEST_HEADER || /[\r\n\0]/.test(line)) return undefined
  const written = line.slice(0, colon).trimEnd()
  if (!TOKEN.test(written)) return undefined
  const name = compact[written.toLowerCase()] ?? written
  const value = line.slice(colon + 1).trim()
  return lists.has(name.toLowerCase()) ? splitList(value).map((one) => [name, one]) : [[name, value]]
}

/** `a, "b, c" <d, e>` as its values: commas within quotes and angle brackets don't part. */
function splitList(value: string): string[] {
  const values: string[] = []
  let [start, quoted, angled] = [0, false, false]
  for (let at = 0; at < value.length; at++) {
    const sign = value[at]
    if (quoted && sign === '\\') at++
    else if (sign === '"') quoted = !quoted
    else if (!quoted && (sign === '<' || sign === '>')) angled = sign === '<'
    else if (sign === ',' && !quoted && !angled) {
      values.push(value.slice(start, at).trim())
      start = at + 1
    }
  }
  values.push(value.slice(start).trim())
  return values
}

/** How much of what follows the head is body; undefined if it isn't a number, or there are two that differ. */
function contentLength(headers: readonly Header[], rest: number): number | undefined {
  const written = headers.filter(([name]) => name.toLowerCase() === 'content-length')
  const lengths = new Set(written.map(([, value]) => (/^\d{1,6}$/.test(value) ? Number(value) : Number.NaN)))
  const [length = rest] = lengths
  return lengths.size > 1 || Number.isNaN(length) || length > rest ? undefined : length
}

/** Each exactly once, but for Via (8.1.1). */
const mandatory = ['Via', 'From', 'To', 'Call-ID', 'CSeq'] as const

function faultsOf(message: SipMessage): string[] {
  const faults: string[] = []
  for (const name of mandatory) {
    const count = headers(message, name).length
    if (count === 0 || header(message, name) === '') faults.push(`no ${name}`)
    if (count > 1 && name !== 'Via') faults.push(`two ${name}`)
  }
  const sequence = cseqOf(message)
  if (sequence === undefined) faults.push('CSeq')
  else if (message.kind === 'request' && sequence.method !== message.method)
    faults.push('CSeq of another method')
  return faults
}

/** The number and method of a CSeq. */
export function cseqOf(
  message: SipMessage,
): { readonly number: number; readonly method: string } | undefined {
  const [, digits, method] = CSEQ.exec(header(message, 'CSeq')) ?? []
  const number = Number(digits)
  return method === undefined || number >= MOST_CSEQ ? undefined : { number, method }
}

/** The first header of that name, or nothing, written ''. */
export const header = (message: { readonly headers: readonly Header[] }, name: string): string =>
  headers(message, name)[0] ?? ''

export const headers = (message: { readonly headers: readonly Header[] }, name: string): readonly string[] =>
  message.headers.flatMap(([written, value]) => (sameName(written, name) ? [value] : []))

export const without = (all: readonly Header[], ...names: readonly string[]): Header[] =>
  all.filter(([written]) => !names.some((name) => sameName(written, name)))

const sameName = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()

/** What a header that lists option tags lists: `Supported`, `Require`. */
export const tokensOf = (message: SipMessage, name: string): string[] =>
  headers(message, name)
    .flatMap(splitList)
    .filter((token) => token !== '')

/** Writes it with the Content-Length that its body has. */
export function serialise(message: SipMessage): Buffer {
  const startLine =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`
  const lines = without(message.headers, 'Content-Length').map(([name, value]) => `${name}: ${value}`)
  const head = [startLine, ...lines, `Content-Length: ${message.body.length}`, '', ''].join('\r\n')
  return Buffer.concat([Buffer.from(head), message.body])
}

const NO_BODY = Buffer.alloc(0)

export interface Answer {
  readonly headers?: readonly Header[]
  readonly body?: Buffer
  /** Put on To if it has none. */
  readonly tag?: string
}

/** A response to a request, with what it takes over from it (8.2.6). */
export function replyTo(request: SipRequest, status: number, answer: Answer = {}): SipResponse {
  const to = header(request, 'To')
  const tagged = answer.tag === undefined || /;\s*tag=/i.test(to) ? to : `${to};tag=${answer.tag}`
  return {
    kind: 'response',
    status,
    reason: reasons[status] ?? 'Failure',
    headers: [
      ...headers(request, 'Via').map((via): Header => ['Via', via]),
      ['From', header(request, 'From')],
      ['To', tagged],
      ['Call-ID', header(request, 'Call-ID')],
      ['CSeq', header(request, 'CSeq')],
      ...(answer.headers ?? []),
    ],
    body: answer.body ?? NO_BODY,
  }
}

const reasons: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  200: 'OK',
  202: 'Accepted',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  407: 'Proxy Authentication Required',
  408: 'Request Timeout',
  416: 'Unsupported URI Scheme',
  420: 'Bad Extension',
  423: 'Interval Too Brief',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  483: 'Too Many Hops',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  489: 'Bad Event',
  491: 'Request Pending',
  500: 'Server Internal Error',
  503: 'Service Unavailable',
  603: 'Decline',
}
