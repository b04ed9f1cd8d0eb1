/** Passwords at rest: scrypt (RFC 7914), each with its own salt, compared in constant time. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/**
 * How hard a guess is made: 32 MiB and about 80 ms for a person's password, 4 MiB for a device's random
 * one; not at all for one that stands in a demonstration site's file, where everybody can read it.
 */
export type Strength = 'person' | 'device' | 'public'

const costs: Record<Strength, number> = { person: 2 ** 15, device: 2 ** 12, public: 2 }
const BLOCK = 8
const LANES = 1
const BYTES = 32

export async function hashPassword(password: string, strength: Strength): Promise<string> {
  const salt = randomBytes(16)
  const cost = costs[strength]
  const key = await derive(password, salt, cost)
  return ['scrypt', cost, salt.toString('base64'), key.toString('base64')].join('$')
}

/** Whether this is the password that was hashed. Takes as long for an unreadable `secret` as for a wrong password. */
export async function isPassword(
  password: string,
  secret: string | undefined,
  strength: Strength,
): Promise<boolean> {
  const parsed = /^scrypt\$(\d{1,8})\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/.exec(secret ?? '')
  const cost = parsed === null ? costs[strength] : Number(parsed[1])
  const salt = Buffer.from(parsed?.[2] ?? '', 'base64')
  const key = await derive(password, salt, cost)
  const expected = Buffer.from(parsed?.[3] ?? '', 'base64')
  return parsed !== null && expected.length === key.length && timingSafeEqual(expected, key)
}

function derive(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  const options: ScryptOptions = { N: cost, r: BLOCK, p: LANES, maxmem: 2 * 128 * BLOCK * (cost + LANES + 2) }
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
