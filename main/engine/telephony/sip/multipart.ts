/** A session description that comes with other things, as a caller's place (RFC 5621, 3; RFC 2046, 5.1). */

/** The part of a multipart/mixed body that is one; undefined if there is none. */
export function sdpPart(contentType: string, body: string): string | undefined {
  const boundary = /^\s*multipart\/mixed\s*;.*?\bboundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/i.exec(contentType)
  if (boundary === null) return undefined
  const [, ...parts] = `\r\n${body}`.split(`\r\n--${boundary[1] ?? boundary[2]}`)
  for (const part of parts) {
    const end = part.indexOf('\r\n\r\n')
    const head = part.slice(0, Math.max(0, end))
    if (/^(?:content-type|c)[ \t]*:[ \t]*application\/sdp[ \t]*(?:;.*)?$/im.test(head))
      return `${part.slice(end + 4)}\r\n`
  }
  return undefined
}
