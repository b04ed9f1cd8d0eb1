import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { endings } from '../support/at-end.ts'
import { makeAuthority } from '../support/certificates.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type Kamailio, startKamailio } from '../support/kamailio.ts'
import { openTestSip } from '../support/sip-line.ts'

const alice = { user: 'alice', password: 'the password of alice' }

const { atEnd, run } = endings()
afterAll(run)
let kamailio: Kamailio
beforeAll(async () => {
  kamailio = await startKamailio(atEnd, { users: { alice: alice.password } })
})

describe('a line at Kamailio', () => {
  it.each(['udp', 'tcp', 'tls', 'ws', 'wss'] as const)(
    'registers over %s with a digest, and leaves',
    async (transport) => {
      const { port, registrations } = openTestSip(onTestFinished, {
        ...alice,
        server: kamailio.server(transport),
        authorities: kamailio.authority.cert,
        expiresS: 60,
      })
      await port.register()
      expect(registrations).toEqual([
        { state: 'registering' },
        { state: 'registered', until: expect.any(Number) },
      ])
      await port.unregister()
      expect(port.registration).toEqual({ state: 'none' })
    },
  )

  it('says that its password is wrong, which waiting will not mend', async () => {
    const { port } = openTestSip(onTestFinished, {
      user: 'alice',
      password: 'another',
      server: kamailio.server('udp'),
    })
    await expect(port.register()).rejects.toMatchObject({ code: 401 })
    expect(port.registration).toMatchObject({ state: 'failing', code: 401, lasting: true })
  })

  it.each(['tls', 'wss'] as const)(
    'says over %s that the server’s certificate is nobody’s it trusts',
    async (transport) => {
      const other = await makeAuthority(temporaryFolder(onTestFinished), 'other')
      const { port } = openTestSip(onTestFinished, {
        ...alice,
        server: kamailio.server(transport),
        authorities: other.cert,
      })
      await expect(port.register()).rejects.toThrow(/certificate|signature/)
      expect(port.registration).toMatchObject({ state: 'failing', code: null, lasting: false })
    },
  )

  it('refreshes before its time is over', async () => {
    const { port, registrations } = openTestSip(onTestFinished, {
      ...alice,
      server: kamailio.server('tcp'),
      expiresS: 5,
    })
    await port.register()
    await vi.waitFor(() => expect(registrations).toHaveLength(3), { timeout: 10_000 })
    expect(registrations.map(({ state }) => state)).toEqual(['registering', 'registered', 'registered'])
  })
})

describe('a line whose engine is killed and started again', () => {
  it.each(['udp', 'tcp', 'ws'] as const)('is registered once over %s', async (transport) => {
    const instance = randomUUID()
    const open = () => openTestSip(onTestFinished, { ...alice, server: kamailio.server(transport), instance })
    // Whoever is killed takes no leave: of this one nothing more is heard.
    await open().port.register()
    const [before] = await kamailio.bindings('alice')
    await open().port.register()
    const bindings = await kamailio.bindings('alice')
    expect(bindings).toHaveLength(1)
    expect(bindings[0]).not.toBe(before)
  })

  it('is registered for each server on its own', async () => {
    const instance = randomUUID()
    const open = (flow: number) =>
      openTestSip(onTestFinished, { ...alice, server: kamailio.server('udp'), instance, flow }).port
    const [primary, standby] = [open(1), open(2)]
    await primary.register()
    await standby.register()
    expect(await kamailio.bindings('alice')).toHaveLength(2)
    await standby.unregister()
    expect(await kamailio.bindings('alice')).toHaveLength(1)
  })
})

describe('a line whose server is killed', () => {
  it.each(['udp', 'tcp'] as const)('says so over %s, and registers when it is back', async (transport) => {
    const own = await startKamailio(onTestFinished, { users: { alice: alice.password } })
    const { port } = openTestSip(onTestFinished, {
      ...alice,
      server: own.server(transport),
      keepAliveMs: 300,
      keepAliveAnswerMs: 2_000,
    })
    await port.register()
    await own.kill()
    await vi.waitFor(() => expect(port.registration).toMatchObject({ state: 'failing', code: null }), {
      timeout: 10_000,
    })
    await own.start()
    await port.register()
    expect(port.registration).toMatchObject({ state: 'registered' })
  })
})

describe('a line at a registrar that asks for SHA-256', () => {
  it('registers', async () => {
    const strict = await startKamailio(onTestFinished, {
      users: { alice: alice.password },
      algorithm: 'SHA-256',
    })
    const { port } = openTestSip(onTestFinished, { ...alice, server: strict.server('udp') })
    await port.register()
    expect(port.registration).toMatchObject({ state: 'registered' })
  })
})
