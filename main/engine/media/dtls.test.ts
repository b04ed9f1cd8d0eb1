import { X509Certificate } from 'node:crypto'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { CipherContext, HashAlgorithm, NamedCurveAlgorithm, SignatureAlgorithm } from 'werift'
import { type Certificate, type Fingerprint, Handshake, isDtls, ownCertificate } from './dtls.ts'

async function another(): Promise<Certificate> {
  const made = await CipherContext.createSelfSignedCertificateWithKey(
    { signature: SignatureAlgorithm.ecdsa_3, hash: HashAlgorithm.sha256_4 },
    NamedCurveAlgorithm.secp256r1_23,
  )
  return { ...made, fingerprint: new X509Certificate(made.certPem).fingerprint256 }
}

const fingerprintOf = ({ fingerprint }: Certificate): Fingerprint => ({ hash: 'sha-256', value: fingerprint })

/** Two that shake hands: `active` begins. */
function meet(
  active: { certificate: Certificate; expects: Fingerprint },
  passive: { certificate: Certificate; expects: Fingerprint },
) {
  const outcome = { active: vi.fn(), passive: vi.fn() }
  const sides: Partial<Record<'active' | 'passive', Handshake>> = {}
  const begin = (
    side: 'active' | 'passive',
    other: 'active' | 'passive',
    { certificate, expects }: typeof active,
  ) => {
    const handshake = new Handshake({
      certificate,
      active: side === 'active',
      fingerprints: [expects],
      send: (packet) => {
        expect(isDtls(packet)).toBe(true)
        setImmediate(() => sides[other]?.take(Buffer.from(packet)))
      },
      onKeys: (keys) => outcome[side](keys),
      onFailure: (why) => outcome[side](why),
    })
    onTestFinished(() => handshake.close())
    sides[side] = handshake
  }
  begin('passive', 'active', passive)
  begin('active', 'passive', active)
  return outcome
}

const settled = (side: ReturnType<typeof vi.fn>) =>
  vi.waitFor(() => expect(side).toHaveBeenCalledOnce(), 10_000)

describe('a handshake', () => {
  it('gives both sides the same keys, each its own', async () => {
    const [a, b] = [await ownCertificate(), await another()]
    const { active, passive } = meet(
      { certificate: a, expects: fingerprintOf(b) },
      { certificate: b, expects: fingerprintOf(a) },
    )
    await Promise.all([settled(active), settled(passive)])
    const [here, there] = [active.mock.calls[0]?.[0], passive.mock.calls[0]?.[0]]
    expect(here.send).toHaveLength(30)
    expect(here.send.equals(there.receive)).toBe(true)
    expect(here.receive.equals(there.send)).toBe(true)
    expect(here.send.equals(here.receive)).toBe(false)
  })

  it.each(['active', 'passive'] as const)(
    'fails where the %s side shows another certificate',
    async (who) => {
      const [a, b, other] = [await ownCertificate(), await another(), await another()]
      const outcome = meet(
        { certificate: who === 'active' ? other : a, expects: fingerprintOf(b) },
        { certificate: who === 'passive' ? other : b, expects: fingerprintOf(a) },
      )
      const deceived = who === 'active' ? outcome.passive : outcome.active
      await settled(deceived)
      expect(deceived.mock.calls[0]?.[0]).toContain('not the one that it announced')
    },
  )

  it.each(['active', 'passive'] as const)(
    'fails where the %s side shows a certificate that it has not the key of',
    async (who) => {
      const [a, b, thief] = [await ownCertificate(), await another(), await another()]
      const stolen = ({ certPem, fingerprint }: Certificate) => ({ ...thief, certPem, fingerprint })
      const outcome = meet(
        { certificate: who === 'active' ? stolen(a) : a, expects: fingerprintOf(b) },
        { certificate: who === 'passive' ? stolen(b) : b, expects: fingerprintOf(a) },
      )
      const deceived = who === 'active' ? outcome.passive : outcome.active
      await settled(deceived)
      expect(deceived.mock.calls[0]?.[0]).toContain('does not have the key')
    },
  )

  it('is not disturbed by rubbish', async () => {
    const certificate = await ownCertificate()
    const handshake = new Handshake({
      certificate,
      active: false,
      fingerprints: [],
      send: () => undefined,
      onKeys: () => expect.unreachable(),
      onFailure: () => undefined,
    })
    onTestFinished(() => handshake.close())
    for (let length = 0; length < 80; length++)
      for (const first of [20, 21, 22, 23, 63]) handshake.take(Buffer.alloc(length, first))
  })
})
