/** Connections that an exchange keeps to, and names that outlive them (RFC 5626, RFC 5627), with Kamailio. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { endings } from '../support/at-end.ts'
import { type Kamailio, startKamailio } from '../support/kamailio.ts'
import { openTestSip } from '../support/sip-line.ts'
import { openTcpPath } from '../support/tcp-path.ts'

const users = { desk: 'password-of-desk', other: 'password-of-other' }
const patience = { timeout: 20_000, interval: 20 }

const { atEnd, run } = endings()
afterAll(run)
let kamailio: Kamailio
beforeAll(async () => {
  kamailio = await startKamailio(atEnd, { users })
})

async function deskOverTcp() {
  const path = await openTcpPath(onTestFinished, kamailio.server('tcp').port)
  const sip = openTestSip(onTestFinished, {
    user: 'desk',
    password: users.desk,
    server: { transport: 'tcp', host: '127.0.0.1', port: path.port },
    keepAliveMs: 100,
    keepAliveAnswerMs: 5_000,
  })
  await sip.port.register()
  return { ...sip, path }
}

describe('a connection that the exchange keeps to', () => {
  it('is asked by empty lines whether it is there, and answers by one', async () => {
    const { path, port } = await deskOverTcp()
    const count = (from: string, text: string) =>
      path.seen.filter((piece) => piece.from === from && piece.text === text).length
    await vi.waitFor(() => expect(count('client', '\r\n\r\n')).toBeGreaterThan(2), patience)
    expect(count('server', '\r\n')).toBeGreaterThan(1)
    expect(path.seen.filter(({ text }) => text.startsWith('OPTIONS'))).toEqual([])
    expect(port.registration.state).toBe('registered')
  })

  it('that breaks in a call is found again by the other side, without another offer', async () => {
    const { path, port } = await deskOverTcp()
    const other = openTestSip(onTestFinished, {
      user: 'other',
      password: users.other,
      server: kamailio.server('udp'),
    })
    await other.port.register()
    const call = port.call('other')
    await vi.waitFor(() => expect(other.incoming).toHaveLength(1), patience)
    await other.incoming[0]?.accept()
    await vi.waitFor(() => expect(call.state).toBe('talking'), patience)
    // What has been acknowledged there: who was not told of it may not hang up yet.
    await other.incoming[0]?.renegotiate()
    path.cut()
    await vi.waitFor(() => expect(port.registration.state).toBe('failing'), patience)
    const before = path.seen.length
    await port.register()
    other.incoming[0]?.hangUp()
    await vi.waitFor(() => expect(call.end).toMatchObject({ why: 'hung-up', here: false }), patience)
    expect(path.seen.slice(before).filter(({ text }) => text.startsWith('INVITE'))).toEqual([])
  })
})
