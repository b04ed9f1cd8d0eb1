import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Exchange } from '../../contract/telephony.ts'
import { openCallVoice } from '../../main/engine/telephony/call-voice.ts'
import { openLine } from '../../main/engine/telephony/line.ts'
import { type Kamailio, startKamailio } from '../support/kamailio.ts'
import { openTestSip } from '../support/sip-line.ts'

const users = { '8001': 'the password of 8001', caller: 'the password of the caller' }
const patience = { timeout: 20_000, interval: 50 }

describe('a line with a primary and a standby server', () => {
  it('goes to the standby when the primary is killed, and comes back', async () => {
    const [primary, standby] = await twoServers()
    const { line, states } = open([primary, standby])
    await vi.waitFor(() => expect(line.state.state).toBe('registered'), patience)
    await primary.kill()
    await vi.waitFor(() => expect(states).toContain('failing'), patience)
    await vi.waitFor(() => expect(line.state.state).toBe('registered'), patience)
    const call = line.call('8009')
    await vi.waitFor(() => expect(call.end).toMatchObject({ code: 404 }), patience)
    await primary.start()
    await vi.waitFor(() => expect(ringsThrough(primary)).resolves.toBe(true), patience)
    expect(await ringsThrough(standby)).toBe(false)
  })

  it('says why it is not registered while neither is there, and registers at whichever comes', async () => {
    const [primary, standby] = await twoServers()
    await Promise.all([primary.kill(), standby.kill()])
    const { line } = open([primary, standby])
    await vi.waitFor(
      () => expect(line.state).toEqual({ state: 'failing', why: expect.stringMatching(/./) }),
      patience,
    )
    await standby.start()
    await vi.waitFor(() => expect(line.state).toEqual({ state: 'registered', why: null }), patience)
  })
})

describe('a line with a wrong password', () => {
  it('says so, and does not go on asking', async () => {
    const [primary, standby] = await twoServers()
    const { line, states } = open([primary, standby], 'wrong')
    await vi.waitFor(() => expect(line.state.state).toBe('failing'), patience)
    expect(line.state.why).toBe('Unauthorized')
    expect(states).toEqual(['failing'])
  })
})

const twoServers = () =>
  Promise.all([startKamailio(onTestFinished, { users }), startKamailio(onTestFinished, { users })])

function open(servers: readonly Kamailio[], password = users['8001']) {
  const exchange: Exchange = {
    id: 'main',
    name: { zh: '总机', en: 'Main' },
    domain: 'pbx.test',
    servers: servers.map((server) => server.server('tcp')),
  }
  const states: string[] = []
  const line = openLine({
    line: { id: 'line-1', exchange: 'main', number: '8001' },
    exchange,
    password,
    onChange: () => states.push(line.state.state),
    onIncoming: (call) => call.reject(486),
    onReferred: () => undefined,
    onMessage: async () => undefined,
    onTrouble: () => undefined,
    openMedia: (server) => openCallVoice(server, false),
    returnMs: 200,
    port: { keepAliveMs: 500, keepAliveAnswerMs: 2_000 },
  })
  onTestFinished(() => line.close())
  return { line, states }
}

/** Whether a caller at this server reaches the line. */
async function ringsThrough(kamailio: Kamailio): Promise<boolean> {
  const { port } = openTestSip(onTestFinished, {
    user: 'caller',
    password: users.caller,
    server: kamailio.server('udp'),
  })
  const call = port.call('8001')
  await vi.waitFor(() => expect(call.end).not.toBeNull(), patience)
  return call.end?.why === 'busy'
}
