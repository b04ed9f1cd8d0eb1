/** Questions to a device in SOAP 1.2 over HTTP, as whoever it knows: WS-UsernameToken, or HTTP digest where it asks for that. */
import { createHash, randomBytes } from 'node:crypto'
import { XMLParser } from 'fast-xml-parser'

export interface SoapLogin {
  readonly user: string
  readonly password: string
}

/**
 * Why a device did not do what it was asked. `unreachable`: no answer; `refused`: it wants another login; `fault`: it
 * says no, in `words` of its own; `nonsense`: its answer can't be understood.
 */
export class SoapTrouble extends Error {
  override readonly name = 'SoapTrouble'
  readonly kind: 'unreachable' | 'refused' | 'fault' | 'nonsense'
  readonly words: string

  constructor(kind: SoapTrouble['kind'], words = '') {
    super(words === '' ? kind : `${kind}: ${words}`)
    this.kind = kind
    this.words = words
  }
}

export interface SoapDevice {
  /**
   * The content of the answer's body. `path`: where the service is, at the device's own address. `open`: without the
   * login. Rejects with a `SoapTrouble`.
   */
  ask(path: string, content: string, options?: { readonly open?: boolean }): Promise<unknown>
  /** The device's clock is ahead of ours by so much, ms: it takes no login that seems to be of another time. */
  isAhead(ms: number): void
}

export interface SoapOptions {
  /** Of the device: services elsewhere are never asked, whatever it says. */
  readonly origin: string
  readonly login: SoapLogin | undefined
  readonly clock: () => number
  readonly answerWithinMs: number
}

const LONGEST_ANSWER = 1 << 20
const LONGEST_WORDS = 200
const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss'

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
})

export function openSoapDevice({ origin, login, clock, answerWithinMs }: SoapOptions): SoapDevice {
  let ahead = 0
  let challenge: Challenge | undefined
  let count = 0

  const post = async (url: URL, content: string, open: boolean): Promise<Answer> => {
    const known = open ? undefined : login
    const security = known === undefined ? '' : usernameToken(known, new Date(clock() + ahead))
    const authorization =
      known === undefined || challenge === undefined
        ? {}
        : { authorization: digestOf(challenge, known, url, ++count) }
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(answerWithinMs),
      headers: { 'content-type': 'application/soap+xml; charset=utf-8', ...authorization },
      body: `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">${security}<s:Body>${content}</s:Body></s:Envelope>`,
    })
    const asked = response.status === 401 ? response.headers.get('www-authenticate') : null
    return { status: response.status, challenge: asked, text: await textOf(response) }
  }

  return {
    ask: async (path, content, { open = false } = {}) => {
      const url = new URL(path, origin)
      if (url.origin !== origin) throw new SoapTrouble('nonsense', path.slice(0, LONGEST_WORDS))
      let answer: Answer
      try {
        answer = await post(url, content, open)
        const next = challengeIn(answer.challenge)
        // It asks for this kind of login, or its last challenge is too old.
        if (!open && next !== undefined && login !== undefined) {
          challenge = next
          count = 0
          answer = await post(url, content, open)
        }
      } catch (error) {
        if (error instanceof SoapTrouble) throw error
        throw new SoapTrouble('unreachable')
      }
      if (answer.status === 401 || answer.status === 403) throw new SoapTrouble('refused')
      return bodyOf(answer.text)
    },
    isAhead: (ms) => {
      ahead = ms
    },
  }
}

interface Answer {
  readonly status: number
  readonly challenge: string | null
  readonly text: string
}

async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    if (length > LONGEST_ANSWER) throw new SoapTrouble('nonsense', `> ${LONGEST_ANSWER} B`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function bodyOf(text: string): unknown {
  // SOAP 1.2 Part 1, 5: no document type declaration.
  if (text.includes('<!DOCTYPE')) throw new SoapTrouble('nonsense', 'DOCTYPE')
  let parsed: unknown
  try {
    parsed = parser.parse(text, true)
  } catch {
    throw new SoapTrouble('nonsense')
  }
  const body = within(parsed, 'Envelope', 'Body')
  if (body === undefined) throw new SoapTrouble('nonsense')
  const fault = within(body, 'Fault')
  if (fault === undefined) return body
  const codes = JSON.stringify(within(fault, 'Code') ?? '')
  const reason = within(fault, 'Reason', 'Text')
  const words = typeof reason === 'string' ? reason : String(within(reason, '#text') ?? '')
  throw /NotAuthorized|FailedAuthentication/.test(codes)
    ? new SoapTrouble('refused')
    : new SoapTrouble('fault', words.slice(0, LONGEST_WORDS))
}

/** What is there, tag by tag; undefined where there is none. */
export function within(value: unknown, ...tags: readonly string[]): unknown {
  let found = value
  for (const tag of tags)
    found = typeof found === 'object' && found !== null ? Reflect.get(found, tag) : undefined
  return found
}

/** For text and attributes. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Web Services Security, UsernameToken Profile 1.0, 3.1: base64(SHA-1(nonce + created + password)). */
function usernameToken({ user, password }: SoapLogin, now: Date): string {
  const nonce = randomBytes(16)
  const created = now.toISOString()
  const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64')
  return [
    `<s:Header><Security s:mustUnderstand="1" xmlns="${WSS}-wssecurity-secext-1.0.xsd"><UsernameToken>`,
    `<Username>${escaped(user)}</Username>`,
    `<Password Type="${WSS}-username-token-profile-1.0#PasswordDigest">${digest}</Password>`,
    `<Nonce EncodingType="${WSS}-soap-message-security-1.0#Base64Binary">${nonce.toString('base64')}</Nonce>`,
    `<Created xmlns="${WSS}-wssecurity-utility-1.0.xsd">${created}</Created>`,
    '</UsernameToken></Security></s:Header>',
  ].join('')
}

/** What a device asks of whoever is to prove who they are (RFC 7616, 3.3). */
interface Challenge {
  readonly algorithm: 'MD5' | 'SHA-256'
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | undefined
  readonly qop: boolean
}

/** The strongest that is known here. A header may hold several; each begins with its scheme. */
function challengeIn(header: string | null): Challenge | undefined {
  const offered = (header ?? '')
    .split(/(?:^|,\s*)Digest\s+/i)
    .slice(1)
    .flatMap((text): Challenge[] => {
      const said = new Map(
        [...text.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)].map(([, name = '', quoted, bare]) => [
          name.toLowerCase(),
          quoted ?? bare ?? '',
        ]),
      )
      const algorithm = (said.get('algorithm') ?? 'MD5').toUpperCase()
      const [realm, nonce] = [said.get('realm'), said.get('nonce')]
      if ((algorithm !== 'MD5' && algorithm !== 'SHA-256') || realm === undefined || nonce === undefined)
        return []
      const qop = (said.get('qop') ?? '').split(/\s*,\s*/).includes('auth')
      return [{ algorithm, realm, nonce, opaque: said.get('opaque'), qop }]
    })
  return offered.find(({ algorithm }) => algorithm === 'SHA-256') ?? offered[0]
}

/** RFC 7616, 3.4, for a POST. */
function digestOf(
  { algorithm, realm, nonce, opaque, qop }: Challenge,
  { user, password }: SoapLogin,
  { pathname, search }: URL,
  count: number,
): string {
  const hash = (text: string) =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex')
  const uri = `${pathname}${search}`
  const nc = count.toString(16).padStart(8, '0')
  const cnonce = randomBytes(8).toString('hex')
  const [whose, what] = [hash(`${user}:${realm}:${password}`), hash(`POST:${uri}`)]
  const response = hash(
    qop ? [whose, nonce, nc, cnonce, 'auth', what].join(':') : [whose, nonce, what].join(':'),
  )
  const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`
  return [
    `Digest username=${quoted(user)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    `algorithm=${algorithm}`,
    `response="${response}"`,
    ...(qop ? ['qop=auth', `nc=${nc}`, `cnonce="${cnonce}"`] : []),
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
  ].join(', ')
}
