import { describe, expect, it } from 'vitest'
import { canMeet, digestAnswer } from './digest.ts'

/** RFC 7616, 3.9.1. */
const challenge = {
  realm: 'http-auth@example.org',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
  qop: ['auth', 'auth-int'],
}
const request = { method: 'GET', uri: '/dir/index.html', body: '' }
const mufasa = { user: 'Mufasa', password: 'Circle of Life' }
const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'

describe('digest credentials', () => {
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('answer a challenge with %s as the standard’s example does', (algorithm, response) => {
    const answer = digestAnswer({ ...challenge, algorithm }, request, mufasa, 1, cnonce)
    expect(answer).toContain(`response="${response}"`)
    expect(answer).toContain(`algorithm=${algorithm}, opaque="${challenge.opaque}", qop=auth, nc=00000001`)
  })

  it('answer one without qop as RFC 2069 did', () => {
    const { qop: _, ...old } = challenge
    expect(digestAnswer(old, request, mufasa, 1)).not.toMatch(/qop|cnonce/)
  })

  it('differ with the count of a nonce’s uses', () => {
    const first = digestAnswer(challenge, request, mufasa, 1, cnonce)
    expect(digestAnswer(challenge, request, mufasa, 2, cnonce)).toContain('nc=00000002')
    expect(digestAnswer(challenge, request, mufasa, 2, cnonce)).not.toBe(first)
  })

  it.each([
    ['of an unknown algorithm', { algorithm: 'SHA3' }],
    ['without a way we know', { qop: ['auth-new'] }],
  ])('are not given to a challenge %s', (_, change) => {
    expect(digestAnswer({ ...challenge, ...change }, request, mufasa, 1)).toBeUndefined()
  })

  it('say what they can meet', () => {
    expect(['md5', 'SHA-256', 'SHA-512-256', 'SHA-256-sess', 'toString'].map(canMeet)).toEqual([
      true,
      true,
      true,
      true,
      false,
    ])
  })
})
