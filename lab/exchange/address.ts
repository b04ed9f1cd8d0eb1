/** SIP URIs, and the headers that hold them (RFC 3261 19.1, 20.10, 20.42). Pure. */
import { randomBytes } from 'node:crypto'

export interface SipUri {
  readonly scheme: string
  readonly user: string
  /** In lower case. */
  readonly host: string
  readonly port: number | undefined
  readonly params: ReadonlyMap<string, string>
  /** What follows the question mark, names in lower case, values unescaped: `Replaces` in a Refer-To. */
  readonly headers: ReadonlyMap<string, string>
}

/** A value of From, To, Contact, Refer-To. */
export interface NameAddress {
  readonly uri: string
  readonly params: ReadonlyMap<string, string>
}

export interface Via {
  readonly host: string
  readonly port: number | undefined
  readonly params: ReadonlyMap<string, string>
}

const URI =
  /^(sips?):(?:([^@:]{1,256})(?::[^@]{0,256})?@)?(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,255})(?::(\d{1,5}))?((?:;[^;?]*)*)(?:\?(.*))?$/i
const VIA =
  /^SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z]{2,8})\s+(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,255})(?:\s*:\s*(\d{1,5}))?\s*((?:;.*)?)$/i

export function parseUri(text: string): SipUri | undefined {
  const [, scheme, user = '', host, digits, params = '', headers = ''] = URI.exec(text) ?? []
  const port = portOf(digits)
  if (scheme === undefined || host === undefined || port === 'none') return undefined
  return {
    scheme: scheme.toLowerCase(),
    user: unescapeUri(user),
    host: host.toLowerCase(),
    port,
    params: parseParams(params),
    headers: new Map(
      headers
        .split('&')
        .map((pair) => pair.split('='))
        .map(([name = '', ...value]) => [name.toLowerCase(), unescapeUri(value.join('='))]),
    ),
  }
}

export function parseNameAddress(value: string): NameAddress | undefined {
  const angled = /^(?:"(?:[^"\\]|\\.)*"|[^"<]*)\s*<([^<>]*)>\s*((?:;.*)?)$/.exec(value)
  // Without brackets the parameters are the header's, not the URI's (20.10).
  const [, uri = '', params = ''] = angled ?? /^([^;<>"\s]+)\s*((?:;.*)?)$/.exec(value) ?? []
  return uri === '' ? undefined : { uri, params: parseParams(params) }
}

export function parseVia(value: string): Via | undefined {
  const [, transport, host, digits, params = ''] = VIA.exec(value) ?? []
  const port = portOf(digits)
  if (transport === undefined || host === undefined || port === 'none') return undefined
  return { host: host.toLowerCase(), port, params: parseParams(params) }
}

/** `;a=1;b="x;y";c`: names in lower case, values without their quotes. */
function parseParams(text: string): Map<string, string> {
  const params = new Map<string, string>()
  for (const [, name = '', quoted, plain] of text.matchAll(
    /;\s*([^\s;="]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*)))?/g,
  ))
    params.set(name.toLowerCase(), quoted ?? plain?.trim() ?? '')
  return params
}

/** The tag of a From or To; '' if there is none. */
export const tagOf = (value: string): string => parseNameAddress(value)?.params.get('tag') ?? ''

/** The user that a From, To or Contact names; '' if it names none. */
export const userOf = (value: string): string => parseUri(parseNameAddress(value)?.uri ?? '')?.user ?? ''

function portOf(digits: string | undefined): number | undefined | 'none' {
  if (digits === undefined) return undefined
  const port = Number(digits)
  return port > 0 && port < 65_536 ? port : 'none'
}

/** Percent signs undone; text with broken ones stays as it is. */
function unescapeUri(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A tag, Call-ID or branch that nobody guesses (19.3). */
export const freshToken = (): string => randomBytes(9).toString('base64url')

/** What every branch of RFC 3261 begins with (8.1.1.7). */
export const COOKIE = 'z9hG4bK'
export const freshBranch = (): string => COOKIE + freshToken()
