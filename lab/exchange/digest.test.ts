import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type DigestAlgorithm, openDigestDoor } from './digest.ts'

const hashes = { 'SHA-256': 'sha256', MD5: 'md5' } as const

describe('the door with digest', () => {
  for (const algorithm of ['SHA-256', 'MD5'] as const)
    it(`lets in who knows the password, by ${algorithm}`, () => {
      const { door, answer } = begin()
      expect(door.judge('REGISTER', [answer({ algorithm })])).toEqual({ kind: 'proven', user: '8001' })
    })

  it('wants the strongest first', () => {
    expect(begin().door.challenges(false)[0]).toContain('algorithm=SHA-256')
  })

  it('keeps out a wrong password, another method, another realm and nobody', () => {
    const { door, answer } = begin()
    const out = { kind: 'unproven', stale: false }
    expect(door.judge('REGISTER', [answer({ password: 'guess' })])).toEqual(out)
    expect(door.judge('INVITE', [answer({})])).toEqual(out)
    expect(door.judge('REGISTER', [answer({ realm: 'elsewhere' })])).toEqual(out)
    expect(door.judge('REGISTER', [])).toEqual(out)
    expect(door.judge('REGISTER', ['Digest username="8001"'])).toEqual(out)
  })

  it('keeps out a nonce that it has not made', () => {
    const { door, answer } = begin()
    expect(door.judge('REGISTER', [answer({ nonce: 'lz.abc.def' })])).toEqual({
      kind: 'unproven',
      stale: false,
    })
  })

  it('takes no answer twice, but the same nonce with a higher count', () => {
    const { door, answer } = begin()
    const [first, second] = [answer({ count: 1 }), answer({ count: 2 })]
    expect(door.judge('REGISTER', [first]).kind).toBe('proven')
    expect(door.judge('REGISTER', [first])).toEqual({ kind: 'unproven', stale: true })
    expect(door.judge('REGISTER', [second]).kind).toBe('proven')
  })

  it('says that a nonce is stale once it has been good for long enough', () => {
    const { door, answer, pass } = begin()
    const late = answer({})
    pass(300_000)
    expect(door.judge('REGISTER', [late])).toEqual({ kind: 'unproven', stale: true })
    expect(door.challenges(true)[0]).toContain('stale=true')
  })
})

function begin() {
  let now = 1_000.5
  const realm = 'exercise.invalid'
  const door = openDigestDoor({
    realm,
    algorithms: ['SHA-256', 'MD5'],
    now: () => now,
    password: (user) => (user === '8001' ? 'secret' : undefined),
  })
  const [given = ''] = door.challenges(false)
  const ours = /nonce="([^"]+)"/.exec(given)?.[1] ?? ''
  const answer = (told: {
    algorithm?: DigestAlgorithm
    password?: string
    realm?: string
    nonce?: string
    count?: number
  }) => {
    const { algorithm = 'SHA-256', password = 'secret', nonce = ours, count = 1 } = told
    const digest = (text: string) => createHash(hashes[algorithm]).update(text).digest('hex')
    const where = told.realm ?? realm
    const nc = count.toString(16).padStart(8, '0')
    const proof = `${digest(`8001:${where}:${password}`)}:${nonce}:${nc}:x:auth:${digest('REGISTER:sip:here')}`
    return `Digest username="8001", realm="${where}", nonce="${nonce}", uri="sip:here", response="${digest(proof)}", algorithm=${algorithm}, qop=auth, nc=${nc}, cnonce="x"`
  }
  return {
    door,
    answer,
    pass: (ms: number) => {
      now += ms
    },
  }
}
