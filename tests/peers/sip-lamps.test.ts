/** What a number is doing, as Kamailio tells it of baresip's phones: for lamps. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { endings } from '../support/at-end.ts'
import { type Baresip, startBaresip } from '../support/baresip.ts'
import { type Kamailio, startKamailio } from '../support/kamailio.ts'
import { openTestSip, type TestSip } from '../support/sip-line.ts'

const users = { desk: 'password-of-desk', bob: 'password-of-bob', carol: 'password-of-carol' }
const patience = { timeout: 20_000, interval: 50 }

const { atEnd, run } = endings()
afterAll(run)
let kamailio: Kamailio
let desk: TestSip
let bob: Baresip
const states: string[] = []
beforeAll(async () => {
  kamailio = await startKamailio(atEnd, { users, tells: true })
  desk = openTestSip(atEnd, {
    user: 'desk',
    password: users.desk,
    server: kamailio.server('udp'),
    keepAliveMs: 300,
    keepAliveAnswerMs: 2_000,
  })
  await desk.port.register()
  bob = await phone('bob')
  desk.port.watch('bob', (state) => states.push(state))
})

/** Since the last time that this was asked. */
const shows = async (...expected: readonly string[]) => {
  await vi.waitFor(() => expect(states).toEqual(expected), patience)
  states.length = 0
}

describe('the lamp of a number', () => {
  it('shows that it is idle', async () => {
    await shows('unknown', 'idle')
  })

  it('shows it ringing and talking with somebody else, and idle again', async () => {
    const carol = await phone('carol')
    carol.tell('dial', 'sip:bob@pbx.test')
    await bob.until('CALL_INCOMING')
    await shows('ringing')
    bob.tell('accept')
    await shows('busy')
    carol.tell('hangup')
    await shows('idle')
  })

  it('shows it busy while it talks here', async () => {
    const call = desk.port.call('bob')
    await shows('ringing')
    bob.tell('accept')
    await vi.waitFor(() => expect(call.state).toBe('talking'), patience)
    await shows('busy')
    call.hangUp()
    await shows('idle')
  })

  it('goes out with the phone, and is lit again when it is back', async () => {
    bob.tell('quit')
    await shows('offline')
    bob = await phone('bob')
    await shows('idle')
  })

  it('shows nothing as long as the exchange is away, and again what is so when it is back', async () => {
    await kamailio.kill()
    await shows('unknown')
    await kamailio.start()
    await desk.port.register()
    await shows('idle')
  })
})

const phone = (user: 'bob' | 'carol') =>
  startBaresip(atEnd, {
    user,
    password: users[user],
    domain: kamailio.domain,
    exchange: kamailio.server('udp').port,
  })
