import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ExchangeServer } from '../../contract/telephony.ts'
import type { CallVoice } from '../../main/engine/telephony/call-voice.ts'
import type { SipCall } from '../../main/engine/telephony/sip/sip-call.ts'
import { endings } from '../support/at-end.ts'
import { type Baresip, startBaresip } from '../support/baresip.ts'
import { type Kamailio, startKamailio } from '../support/kamailio.ts'
import { openTestSip } from '../support/sip-line.ts'

const users = {
  desk: 'password-of-desk',
  other: 'password-of-other',
  third: 'password-of-third',
  bob: 'password-of-bob',
  carol: 'password-of-carol',
}
const patience = { timeout: 20_000, interval: 50 }

const { atEnd, run } = endings()
afterAll(run)
let kamailio: Kamailio
let bob: Baresip
beforeAll(async () => {
  kamailio = await startKamailio(atEnd, { users })
  bob = await phone('bob')
})

describe.each(['udp', 'tcp', 'tls', 'ws', 'wss'] as const)('calls over %s through Kamailio', (transport) => {
  it('go out to baresip, which rings, answers and hangs up', async () => {
    const { port } = await desk(transport)
    const answered = count('CALL_ESTABLISHED')
    const call = port.call('bob')
    const states = statesOf(call)
    await vi.waitFor(() => expect(call.state).toBe('ringing'), patience)
    bob.tell('accept')
    await vi.waitFor(() => expect(call.state).toBe('talking'), patience)
    await vi.waitFor(() => expect(count('CALL_ESTABLISHED')).toBe(answered + 1), patience)
    bob.tell('hangup')
    await vi.waitFor(() => expect(call.end).toMatchObject({ why: 'hung-up', here: false }), patience)
    expect(states).toEqual(['ringing', 'talking', 'ended'])
    expect(port.calls).toEqual([])
  })

  it('come in from baresip, are answered and hung up here', async () => {
    const { incoming } = await desk(transport)
    const closed = count('CALL_CLOSED')
    bob.tell('dial', 'sip:desk@pbx.test')
    const call = await theFirst(incoming)
    expect(call).toMatchObject({
      direction: 'in',
      state: 'waiting',
      called: 'desk',
      remote: { number: 'bob' },
    })
    call.ring()
    await vi.waitFor(() => expect(bob.events.at(-1)?.type).toBe('CALL_RINGING'), patience)
    await call.accept()
    expect(call.state).toBe('talking')
    await vi.waitFor(() => expect(bob.events.at(-1)?.type).toBe('CALL_ESTABLISHED'), patience)
    call.hangUp()
    await vi.waitFor(() => expect(count('CALL_CLOSED')).toBe(closed + 1), patience)
    expect(call.end).toMatchObject({ why: 'hung-up', here: true })
  })
})

describe('a call', () => {
  it('is held once the other side has agreed, and goes on when it is resumed', async () => {
    const { here, there } = await talk()
    const states = statesOf(here)
    await here.hold()
    expect(states).toEqual(['holding', 'held'])
    expect(there.heldThere).toBe(true)
    await here.resume()
    expect(here.state).toBe('talking')
    expect(there.heldThere).toBe(false)
    expect(there.state).toBe('talking')
  })

  it('can be held by both sides, and each resumes its own', async () => {
    const { here, there } = await talk()
    await here.hold()
    await there.hold()
    expect([here.state, there.state]).toEqual(['held', 'held'])
    await here.resume()
    expect(here).toMatchObject({ state: 'talking', heldThere: true })
    await there.resume()
    expect(here).toMatchObject({ state: 'talking', heldThere: false })
  })

  it('is held by baresip, and told so', async () => {
    const { port } = await desk('udp')
    const call = port.call('bob')
    await vi.waitFor(() => expect(call.state).toBe('ringing'), patience)
    bob.tell('accept')
    await vi.waitFor(() => expect(call.state).toBe('talking'), patience)
    bob.tell('hold')
    await vi.waitFor(() => expect(call.heldThere).toBe(true), patience)
    bob.tell('resume')
    await vi.waitFor(() => expect(call.heldThere).toBe(false), patience)
    await call.hold()
    await call.resume()
    call.hangUp()
  })

  it('that both sides want to hold at the same moment is held by both', async () => {
    const { here, there } = await talk()
    await Promise.all([here.hold(), there.hold()])
    expect([here.state, there.state]).toEqual(['held', 'held'])
  })

  it.each([
    [486, 'busy'],
    [603, 'declined'],
    [480, 'no-answer'],
  ] as const)('that is refused with %i ends as %s', async (code, why) => {
    const { call, incoming } = await ringing()
    incoming.reject(code)
    await vi.waitFor(() => expect(call.end).toMatchObject({ why, code, here: false }), patience)
    expect(incoming.end).toMatchObject({ why, code, here: true })
  })

  it('to nobody is not found', async () => {
    const { port } = await desk('udp')
    const call = port.call('nobody')
    await vi.waitFor(() => expect(call.end).toMatchObject({ why: 'not-found', code: 404 }), patience)
  })

  it('that is given up while it rings stops ringing', async () => {
    const { call, incoming } = await ringing()
    call.hangUp()
    expect(call.end).toMatchObject({ why: 'cancelled', here: true })
    await vi.waitFor(() => expect(incoming.end).toMatchObject({ why: 'cancelled', here: false }), patience)
    await expect(incoming.accept()).rejects.toThrow('ended')
  })

  it('that is given up before it rings is gone there, too', async () => {
    const caller = await desk('udp')
    const callee = await desk('udp', 'other')
    caller.port.call('other').hangUp()
    const second = caller.port.call('other')
    second.hangUp()
    expect(caller.port.calls).toEqual([])
    const third = caller.port.call('other')
    await theFirst(callee.incoming)
    third.hangUp()
    await vi.waitFor(() => expect(callee.port.calls).toEqual([]), patience)
  })

  it('is gone there whenever it is given up', async () => {
    const caller = await desk('udp')
    const callee = await desk('udp', 'other')
    for (let turns = 0; turns < 60; turns += 3) {
      const call = caller.port.call('other')
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
      call.hangUp()
    }
    // What the others had on the way arrives before this.
    await caller.port.sendMessage('other', 'over')
    await vi.waitFor(() => expect(callee.port.calls).toEqual([]), patience)
  })

  it('that is given up as it is answered ends at both sides', async () => {
    for (let round = 0; round < 5; round++) {
      const { call, incoming } = await ringing()
      const accepted = incoming.accept().catch(() => undefined)
      call.hangUp()
      await accepted
      await vi.waitFor(() => expect(incoming.state).toBe('ended'), patience)
      expect(call.state).toBe('ended')
    }
  })

  it('is hung up by both at once', async () => {
    const { here, there } = await talk()
    here.hangUp()
    there.hangUp()
    expect([here.state, there.state]).toEqual(['ended', 'ended'])
  })
})

describe('a call whose exchange is killed and comes back', () => {
  it('goes on over the new connection, and can be hung up from there', async () => {
    const own = await startKamailio(onTestFinished, { users })
    const here = await desk('tcp', 'desk', own)
    const there = await desk('udp', 'other', own)
    const call = here.port.call('other')
    const answered = await theFirst(there.incoming)
    await answered.accept()
    await vi.waitFor(() => expect(call.state).toBe('talking'), patience)
    await own.kill()
    await vi.waitFor(() => expect(here.port.registration.state).toBe('failing'), patience)
    expect(call.state).toBe('talking')
    await own.start()
    await here.port.register()
    await call.renegotiate()
    answered.hangUp()
    await vi.waitFor(() => expect(call.end).toMatchObject({ why: 'hung-up', here: false }), patience)
  })
})

describe('a transfer', () => {
  it('to a number ends the call here and begins one there', async () => {
    const carol = await phone('carol', 'auto')
    const { port } = await desk('udp')
    const call = port.call('bob')
    await vi.waitFor(() => expect(call.state).toBe('ringing'), patience)
    bob.tell('accept')
    await vi.waitFor(() => expect(call.state).toBe('talking'), patience)
    await call.transfer('carol')
    expect(call.state).toBe('ended')
    await carol.until('CALL_ESTABLISHED')
    bob.tell('hangup')
  })

  it('in the same breath as the call is answered brings the caller there', async () => {
    const [a, b] = [await desk('udp'), await desk('tcp', 'other')]
    bob.tell('dial', 'sip:desk@pbx.test')
    const call = await theFirst(a.incoming)
    call.ring()
    await call.accept()
    const sentOn = call.transfer('other')
    const there = await theFirst(b.incoming)
    expect(there).toMatchObject({ remote: { number: 'bob' } })
    await there.accept()
    await sentOn
    expect(call.state).toBe('ended')
    expect(there.state).toBe('talking')
    there.hangUp()
  })

  it('in the same breath that is refused leaves the caller here', async () => {
    const [a, b] = [await desk('udp'), await desk('tcp', 'other')]
    bob.tell('dial', 'sip:desk@pbx.test')
    const call = await theFirst(a.incoming)
    await call.accept()
    const sentOn = expect(call.transfer('other')).rejects.toMatchObject({ code: 480 })
    ;(await theFirst(b.incoming)).reject(480)
    await sentOn
    await call.hold()
    expect(call.state).toBe('held')
    call.hangUp()
  })
})

describe('an attended transfer', () => {
  it('joins the other sides of two calls and leaves both', async () => {
    const [a, b, c] = [await desk('udp'), await desk('tcp', 'other'), await desk('udp', 'third')]
    const first = a.port.call('other')
    await (await theFirst(b.incoming)).accept()
    await vi.waitFor(() => expect(first.state).toBe('talking'), patience)
    await first.hold()
    const second = a.port.call('third')
    const there = await theFirst(c.incoming)
    await there.accept()
    await vi.waitFor(() => expect(second.state).toBe('talking'), patience)
    await first.transferTo(second)
    expect([first.state, second.state]).toEqual(['ended', 'ended'])
    const joined = await theFirst(b.referred)
    await vi.waitFor(() => expect(joined.state).toBe('talking'), patience)
    expect(there).toMatchObject({ state: 'talking', remote: { number: 'other' } })
    expect(c.incoming).toHaveLength(1)
    expect(a.port.calls).toEqual([])
    joined.hangUp()
    await vi.waitFor(() => expect(there.end).toMatchObject({ why: 'hung-up', here: false }), patience)
  })

  it('to a number that does not answer leaves the call as it was', async () => {
    const [a, b] = [await desk('udp'), await desk('tcp', 'other')]
    const call = a.port.call('other')
    await (await theFirst(b.incoming)).accept()
    await vi.waitFor(() => expect(call.state).toBe('talking'), patience)
    const progress: number[] = []
    await expect(call.transfer('nobody', (code) => progress.push(code))).rejects.toMatchObject({ code: 404 })
    expect(call.state).toBe('talking')
    expect(progress).toEqual([100])
  })
})

describe('a message', () => {
  it('goes out and comes in', async () => {
    const a = await desk('udp')
    const b = await desk('tcp', 'other')
    await a.port.sendMessage('other', '三号车请回话')
    await b.port.sendMessage('desk', 'on our way')
    await vi.waitFor(
      () =>
        expect(b.messages).toMatchObject([{ from: { number: 'desk', name: null }, text: '三号车请回话' }]),
      patience,
    )
    await vi.waitFor(
      () => expect(a.messages).toMatchObject([{ from: { number: 'other', name: null }, text: 'on our way' }]),
      patience,
    )
  })

  it('comes in from baresip and goes out to it', async () => {
    const { port, messages } = await desk('udp')
    const carol = await startBaresip(atEnd, {
      user: 'carol',
      password: users.carol,
      domain: kamailio.domain,
      exchange: kamailio.server('udp').port,
      writesTo: 'sip:desk@pbx.test',
    })
    carol.tell('message', 'on our way')
    await vi.waitFor(
      () => expect(messages).toMatchObject([{ from: { number: 'carol' }, text: 'on our way' }]),
      patience,
    )
    await port.sendMessage('carol', 'come to the gate')
    await vi.waitFor(() => expect(carol.said()).toContain('come to the gate'), patience)
  })

  it('to nobody is refused', async () => {
    const { port } = await desk('udp')
    await expect(port.sendMessage('nobody', 'x')).rejects.toMatchObject({ code: 404 })
  })
})

const phone = (user: 'bob' | 'carol', answers?: 'auto') =>
  startBaresip(atEnd, {
    user,
    password: users[user],
    domain: kamailio.domain,
    exchange: kamailio.server('udp').port,
    ...(answers !== undefined && { answers }),
  })

const count = (type: string) => bob.events.filter((event) => event.type === type).length

async function desk(
  transport: ExchangeServer['transport'],
  user: 'desk' | 'other' | 'third' = 'desk',
  exchange = kamailio,
) {
  const sip = openTestSip(onTestFinished, {
    user,
    password: users[user],
    server: exchange.server(transport),
    authorities: exchange.authority.cert,
  })
  await sip.port.register()
  return sip
}

/** A call between two ports of ours that rings. */
async function ringing() {
  const caller = await desk('udp')
  const callee = await desk('tcp', 'other')
  const call = caller.port.call('other')
  const incoming = await theFirst(callee.incoming)
  incoming.ring()
  await vi.waitFor(() => expect(call.state).toBe('ringing'), patience)
  return { call, incoming }
}

async function talk() {
  const { call, incoming } = await ringing()
  await incoming.accept()
  await vi.waitFor(() => expect(call.state).toBe('talking'), patience)
  return { here: call, there: incoming }
}

async function theFirst(calls: readonly SipCall<CallVoice>[]): Promise<SipCall<CallVoice>> {
  return vi.waitFor(() => {
    const [call] = calls
    if (call === undefined) throw new Error('no call came in')
    return call
  }, patience)
}

/** The states it takes from now on. */
function statesOf(call: SipCall<CallVoice>): string[] {
  const states: string[] = []
  call.onChange(() => {
    if (states.at(-1) !== call.state) states.push(call.state)
  })
  return states
}
