/** Digest credentials with SHA-256, SHA-512/256 and MD5 (RFC 7616, RFC 8760): sip.js has MD5 only. */
import { createHash, randomBytes } from 'node:crypto'
import {
  DigestAuthentication,
  type LoggerFactory,
  type OutgoingRequestMessage,
} from 'sip.js/lib/core/index.js'

/** By the name a challenge gives it, in capitals. */
const hashes: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
}

const SESSION = /-SESS$/

export const canMeet = (algorithm: string): boolean =>
  Object.hasOwn(hashes, algorithm.toUpperCase().replace(SESSION, ''))

export interface DigestChallenge {
  readonly algorithm?: string
  readonly realm?: string
  readonly nonce?: string
  readonly opaque?: string
  /** What the server takes: `auth`, `auth-int`, or neither of them where it is older than RFC 2617. */
  readonly qop?: string | readonly string[]
}

export interface DigestRequest {
  readonly method: string
  readonly uri: string
  readonly body: string
}

export interface Credentials {
  readonly user: string
  readonly password: string
}

/** The value of an Authorization header (RFC 7616, 3.4); undefined if the challenge can't be met. */
export function digestAnswer(
  challenge: DigestChallenge,
  { method, uri, body }: DigestRequest,
  { user, password }: Credentials,
  /** How often the nonce has been used, this time included. */
  count: number,
  cnonce: string = randomBytes(8).toString('hex'),
): string | undefined {
  const { algorithm = 'MD5', realm, nonce, opaque } = challenge
  const hash = hashes[algorithm.toUpperCase().replace(SESSION, '')]
  if (hash === undefined || realm === undefined || nonce === undefined) return undefined
  const offered = challenge.qop === undefined ? [] : [challenge.qop].flat()
  const qop = offered.includes('auth') ? 'auth' : offered.find((one) => one === 'auth-int')
  if (offered.length > 0 && qop === undefined) return undefined
  const digest = (...parts: readonly string[]) => createHash(hash).update(parts.join(':')).digest('hex')
  const secret = digest(user, realm, password)
  const a1 = SESSION.test(algorithm.toUpperCase()) ? digest(secret, nonce, cnonce) : secret
  const a2 = qop === 'auth-int' ? digest(method, uri, digest(body)) : digest(method, uri)
  const nc = count.toString(16).padStart(8, '0')
  const response = qop === undefined ? digest(a1, nonce, a2) : digest(a1, nonce, nc, cnonce, qop, a2)
  const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
  return [
    `Digest username=${quoted(user)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    `response="${response}"`,
    `algorithm=${algorithm}`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(qop === undefined ? [] : [`qop=${qop}`, `nc=${nc}`, `cnonce="${cnonce}"`]),
  ].join(', ')
}

/** As sip.js asks for them, once for each request that is challenged. */
export class Digest extends DigestAuthentication {
  readonly #credentials: Credentials
  #count = 0
  #answer = ''

  constructor(loggers: LoggerFactory, credentials: Credentials) {
    super(loggers, undefined, credentials.user, undefined)
    this.#credentials = credentials
  }

  override authenticate(request: OutgoingRequestMessage, challenge: DigestChallenge): boolean {
    this.#count += 1
    const { method, ruri, body } = request
    const asked = { method, uri: ruri.toRaw(), body: body?.body ?? '' }
    const answer = digestAnswer(challenge, asked, this.#credentials, this.#count)
    this.#answer = answer ?? ''
    return answer !== undefined
  }

  override toString(): string {
    return this.#answer
  }
}
