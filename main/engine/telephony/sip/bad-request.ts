/** What is answered to requests that can't be understood (RFC 3261, 21.4.1). */
import { isResponse } from './wire.ts'

const echoed = [/^(?:via|v)$/i, /^(?:from|f)$/i, /^(?:to|t)$/i, /^(?:call-id|i)$/i, /^cseq$/i]

/** A 400 to it; undefined if it is none that could be answered. */
export function badRequest(message: string): string | undefined {
  if (isResponse(message)) return undefined
  const [start = '', ...lines] = message.slice(0, message.indexOf('\r\n\r\n')).split('\r\n')
  if (!/^[A-Z]+ \S+ SIP\/2\.0$/.test(start) || start.startsWith('ACK ')) return undefined
  const nameOf = (line: string) => line.slice(0, Math.max(0, line.indexOf(':'))).trim()
  const kept = echoed.map((name) => lines.filter((line) => name.test(nameOf(line))))
  if (kept.some((some) => some.length === 0)) return undefined
  return ['SIP/2.0 400 Bad Request', ...kept.flat(), 'Content-Length: 0', '', ''].join('\r\n')
}
