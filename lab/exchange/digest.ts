/** Digest authentication as a registrar asks for it: SHA-256 and MD5, qop=auth (RFC 7616, RFC 8760). */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

type DigestVerdict =
  | { readonly kind: 'proven'; readonly user: string }
  /** Nobody was named, or not rightly. `stale`: the password is right, the nonce too old or used before. */
  | { readonly kind: 'unproven'; readonly stale: boolean }

export interface DigestDoor {
  /** The challenges, the one most wanted first, as WWW-Authenticate or Proxy-Authenticate has them. */
  challenges(stale: boolean): readonly string[]
  /** Judges what stood in Authorization or Proxy-Authorization. */
  judge(method: string, credentials: readonly string[]): DigestVerdict
}

export type DigestAlgorithm = 'SHA-256' | 'MD5'

export interface DigestOptions {
  readonly realm: string
  password(user: string): string | undefined
  /** Milliseconds. */
  now(): number
  /** The one most wanted first. */
  readonly algorithms: readonly DigestAlgorithm[]
  /** How long a nonce is good for, in milliseconds. */
  readonly nonceLife?: number
}

const NONCE_LIFE_MS = 300_000
/** Nonces whose use is remembered, so that none can be used twice in the same way. */
const MOST_NONCES = 4_096
const hashes: Readonly<Record<DigestAlgorithm, string>> = { 'SHA-256': 'sha256', MD5: 'md5' }

export function openDigestDoor(options: DigestOptions): DigestDoor {
  const { realm, password, now, algorithms, nonceLife = NONCE_LIFE_MS } = options
  const secret = randomBytes(32)
  /** The highest count seen with each nonce. */
  const counts = new Map<string, number>()
  const seal = (body: string) => createHmac('sha256', secret).update(body).digest('base64url').slice(0, 22)
  const freshNonce = () => {
    const body = `${now().toString(36)}.${randomBytes(6).toString('base64url')}`
    return `${body}.${seal(body)}`
  }

  const isOurs = (nonce: string) => {
    const at = nonce.lastIndexOf('.')
    return at > 0 && same(nonce.slice(at + 1), seal(nonce.slice(0, at)))
  }
  const isFresh = (nonce: string) => now() - Number.parseInt(nonce, 36) < nonceLife

  /** Counts go up (RFC 7616 3.3): the same again is somebody else's copy. */
  const isNew = (nonce: string, count: number) => {
    if (count <= (counts.get(nonce) ?? 0)) return false
    counts.delete(nonce)
    counts.set(nonce, count)
    const [oldest] = counts.keys()
    if (counts.size > MOST_NONCES && oldest !== undefined) counts.delete(oldest)
    return true
  }

  const judgeOne = (method: string, written: string): DigestVerdict => {
    const said = parseDigest(written)
    const { username = '', nonce = '', uri = '', response = '', cnonce = '', nc = '' } = said
    const algorithm = algorithms.find((one) => one === (said.algorithm?.toUpperCase() ?? 'MD5'))
    const known = password(username)
    const unproven = { kind: 'unproven', stale: false } as const
    if (algorithm === undefined || known === undefined || said.realm !== realm) return unproven
    if (said.qop !== 'auth' || !/^[0-9a-f]{8}$/i.test(nc) || !isOurs(nonce)) return unproven
    const digest = (text: string) => createHash(hashes[algorithm]).update(text).digest('hex')
    const proof = digest(`${username}:${realm}:${known}`)
    const expected = digest(`${proof}:${nonce}:${nc}:${cnonce}:auth:${digest(`${method}:${uri}`)}`)
    // What uri names is not compared with the Request-URI: many phones write their exchange's address there.
    if (!same(response.toLowerCase(), expected)) return unproven
    if (!isFresh(nonce) || !isNew(nonce, Number.parseInt(nc, 16))) return { kind: 'unproven', stale: true }
    return { kind: 'proven', user: username }
  }

  return {
    challenges: (stale) =>
      algorithms.map(
        (algorithm) =>
          `Digest realm="${realm}", nonce="${freshNonce()}", algorithm=${algorithm}, qop="auth"${stale ? ', stale=true' : ''}`,
      ),
    judge: (method, credentials) => {
      let last: DigestVerdict = { kind: 'unproven', stale: false }
      for (const written of credentials) {
        last = judgeOne(method, written)
        if (last.kind === 'proven') break
      }
      return last
    },
  }
}

/** `Digest a="1", b=2`: names in lower case, values without their quotes. */
function parseDigest(written: string): Record<string, string> {
  if (!/^Digest\s/i.test(written)) return {}
  const said: Record<string, string> = Object.create(null)
  for (const [, name = '', quoted, plain] of written
    .slice(7)
    .matchAll(/([A-Za-z0-9-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g))
    said[name.toLowerCase()] = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? ''
  return said
}

const same = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
