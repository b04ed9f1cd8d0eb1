/** What is read from and written into SIP messages as they pass the network, below transactions. */

export interface Address {
  readonly host: string
  readonly port: number
}

/** Where a URI names none. */
export const SIP_PORT = 5060
/** In characters. sip.js takes some 5 ms for every 1000 of them at the worst, and nothing may keep the voice waiting. */
export const LONGEST_HEAD = 16 * 1024

/** The first Via value: everything before it, the value itself, everything after. */
const firstVia = /^((?:via|v)[ \t]*:[ \t]*)([^,\r\n]+)/im
const sentBy = /^SIP[ \t]*\/[ \t]*2\.0[ \t]*\/[ \t]*\w+[ \t]+(\[[^\]]*\]|[^\s:;]+)(?:[ \t]*:[ \t]*(\d+))?/i

/** The short names that sip.js does not know (RFC 3261, 7.3.3, and the registry of header fields). */
const longNames: Readonly<Record<string, string>> = {
  b: 'Referred-By',
  e: 'Content-Encoding',
  k: 'Supported',
  o: 'Event',
  s: 'Subject',
  u: 'Allow-Events',
  x: 'Session-Expires',
}
const shortName = /^([beksoux])(?=[ \t]*:)/gim

/**
 * With header lines joined that were folded (RFC 3261, 7.3.1), and with long names; undefined if the header has no
 * end, or is too long.
 */
export function unfolded(message: string): string | undefined {
  const end = message.indexOf('\r\n\r\n')
  if (end < 0 || end > LONGEST_HEAD) return undefined
  const head = message
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .replace(shortName, (short) => longNames[short.toLowerCase()] ?? short)
  return head + message.slice(end)
}

export const isResponse = (message: string): boolean => message.startsWith('SIP/2.0 ')

/** A request with where it came from written into its Via (RFC 3261, 18.2.1; RFC 3581, 4). */
export function stampVia(request: string, from: Address): string {
  return request.replace(firstVia, (_, name: string, value: string) => {
    const plain = value.replace(/;[ \t]*received[ \t]*=[^;\s]*/gi, '')
    const asked = /;[ \t]*rport(?:[ \t]*=[ \t]*\d*)?(?=[;\s]|$)/i
    return `${name}${plain.replace(asked, `;rport=${from.port}`).trimEnd()};received=${from.host}`
  })
}

/** Where a response goes, by its own Via (RFC 3261, 18.2.2; RFC 3581, 4). */
export function responseTarget(response: string): Address | undefined {
  const value = firstVia.exec(response)?.[2] ?? ''
  const [, host, port] = sentBy.exec(value) ?? []
  if (host === undefined) return undefined
  const received = /;[ \t]*received[ \t]*=[ \t]*([^;\s]+)/i.exec(value)?.[1]
  const rport = /;[ \t]*rport[ \t]*=[ \t]*(\d+)/i.exec(value)?.[1]
  return address(received ?? host, rport ?? port)
}

/**
 * Where a request goes (RFC 3261, 8.1.2): by its Route, or its Request-URI if that names a host, and not the
 * exchange's domain, which is the outbound proxy's to know.
 */
export function requestTarget(request: string, domain: string, proxy: Address): Address | undefined {
  const route = /^route[ \t]*:[^<\r\n]*<([^>\r\n]*)>/im.exec(request)?.[1]
  const uri = route ?? /^\S+ (\S+) /.exec(request)?.[1] ?? ''
  const [, host, port] = /^sips?:(?:[^@]*@)?(\[[^\]]*\]|[^:;?]+)(?::(\d+))?/i.exec(uri) ?? []
  if (host === undefined) return undefined
  if (route === undefined && host.toLowerCase() === domain.toLowerCase()) return proxy
  return address(host, port)
}

function address(host: string, port: string | undefined): Address | undefined {
  const number = port === undefined ? SIP_PORT : Number(port)
  return number > 0 && number < 65_536 ? { host: host.replace(/^\[|\]$/g, ''), port: number } : undefined
}

/** As it stands before a port in a URI or a Via (RFC 3261, 25.1). */
export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)

export interface TransactionKey {
  readonly branch: string
  /** Of the CSeq. */
  readonly method: string
  /** Of a response. */
  readonly status: number | undefined
}

/** What tells to which transaction a message belongs (RFC 3261, 17.1.3). */
export function transactionKey(message: string): TransactionKey | undefined {
  const via = firstVia.exec(message)?.[2] ?? ''
  const branch = /;[ \t]*branch[ \t]*=[ \t]*([^;\s]+)/i.exec(via)?.[1]
  const method = /^cseq[ \t]*:[ \t]*\d+[ \t]+(\w+)/im.exec(message)?.[1]
  if (branch === undefined || method === undefined) return undefined
  return { branch, method, status: isResponse(message) ? Number(message.slice(8, 11)) : undefined }
}

/** Whatever stands in its first Call-ID line. */
export const callIdOf = (message: string): string | undefined =>
  /^(?:call-id|i)[ \t]*:[ \t]*([^\r\n]*?)[ \t]*$/im.exec(message)?.[1]

const challenge = /^(?:www|proxy)-authenticate[ \t]*:[^\r\n]*\r\n/gim

/** A response with only the first challenge that can be met: sip.js would take the last (RFC 8760, 2.4). */
export function withOneChallenge(response: string, canMeet: (algorithm: string) => boolean): string {
  const end = response.indexOf('\r\n\r\n') + 2
  const head = response.slice(0, end)
  const all = head.match(challenge) ?? []
  if (all.length < 2) return response
  const algorithm = (line: string) => /algorithm[ \t]*=[ \t]*"?([\w-]+)/i.exec(line)?.[1] ?? 'MD5'
  const best = all.find((line) => canMeet(algorithm(line)))
  if (best === undefined) return response
  return head.replace(challenge, (line) => (line === best ? line : '')) + response.slice(end)
}
