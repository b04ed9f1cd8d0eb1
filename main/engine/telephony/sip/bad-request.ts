/** What is answered to requests that can't be understood (RFC 3261, 21.4.1 and 21.4.14). */
import { isResponse } from './wire.ts'

const echoed = [/^(?:via|v)$/i, /^(?:from|f)$/i, /^(?:to|t)$/i, /^(?:call-id|i)$/i, /^cseq$/i]

/** A 400 to it, or a 416 if it is for another kind of address; undefined if it is none that could be answered. */
export function badRequest(message: string): string | undefined {
  if (isResponse(message)) return undefined
  const [start = '', ...lines] = message.slice(0, message.indexOf('\r\n\r\n')).split('\r\n')
  if (!/^[A-Z]+ \S+ SIP\/2\.0$/.test(start) || start.startsWith('ACK ')) return undefined
  const nameOf = (line: string) => line.slice(0, Math.max(0, line.indexOf(':'))).trim()
  const kept = echoed.map((name) => lines.filter((line) => name.test(nameOf(line))))
  if (kept.some((some) => some.length === 0)) return undefined
  const status = /^\S+ sips?:/i.test(start) ? '400 Bad Request' : '416 Unsupported URI Scheme'
  return [`SIP/2.0 ${status}`, ...kept.flat(), 'Content-Length: 0', '', ''].join('\r\n')
}
