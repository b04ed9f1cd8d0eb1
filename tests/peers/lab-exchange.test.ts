import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { readClips } from '../../lab/exchange/clips.ts'
import { type Exchange, type ExchangeOptions, openExchange } from '../../lab/exchange/exchange.ts'
import type { Temperament } from '../../lab/exchange/person.ts'
import { type Baresip, startBaresip } from '../support/baresip.ts'
import { temporaryFolder } from '../support/folder.ts'
import { freePort } from '../support/free-port.ts'
import { runProgram } from '../support/processes.ts'

const password = 'password-of-a-line'
const domain = 'exercise.invalid'
const clips = await readClips(join(import.meta.dirname, '../../resources/lab-clips'))
const patience = { timeout: 20_000, interval: 50 }

describe('the lab’s exchange with baresip', () => {
  it('registers it by digest; it calls a phone, and they hear each other', async () => {
    const exchange = await begin()
    const seat = await sit(exchange, '8001')
    expect(exchange.registrations('8001')).toBe(1)
    seat.tell('dial', 'sip:60001@exercise.invalid')
    await seat.until('CALL_ESTABLISHED')
    const phone = exchange.phone('60001')
    await vi.waitFor(() => expect(phone.heard()?.loud).toBeGreaterThan(150), patience)
    expect(pitchOf(phone.heard()?.samples ?? new Int16Array())).toBeCloseTo(440, -1)
    seat.tell('hangup')
    await seat.until('CALL_CLOSED')
    await seat.kill()
    const played = seat.played()
    expect(Math.sqrt(played.reduce((sum, sample) => sum + sample ** 2, 0) / played.length)).toBeGreaterThan(
      500,
    )
  })

  it('lets it hold: the phone falls silent, and speaks again afterwards', async () => {
    const exchange = await begin()
    const seat = await sit(exchange, '8001')
    seat.tell('dial', 'sip:60001@exercise.invalid')
    await seat.until('CALL_ESTABLISHED')
    const phone = exchange.phone('60001')
    seat.tell('hold')
    await vi.waitFor(() => expect(phone.isHeld()).toBe(true), patience)
    const heldAt = phone.sent()
    // Another phone that speaks meanwhile tells how much time has passed.
    const clock = exchange.phone('60002')
    exchange.callIn({ from: '13900000003', to: '60002', clip: 'citizen-fire-en' })
    await vi.waitFor(() => expect(clock.sent()).toBeGreaterThan(25), patience)
    expect(phone.sent()).toBe(heldAt)
    seat.tell('resume')
    await vi.waitFor(() => expect(phone.sent()).toBeGreaterThan(heldAt + 10), patience)
  })

  it('hears the keys that it presses', async () => {
    const exchange = await begin()
    const seat = await sit(exchange, '8001')
    seat.tell('dial', 'sip:60001@exercise.invalid')
    await seat.until('CALL_ESTABLISHED')
    seat.tell('sndcode', '5')
    await vi.waitFor(() => expect(exchange.phone('60001').heard()?.keys).toBe('5'), patience)
  })

  it('hangs up by itself after a while', async () => {
    const exchange = await begin({
      temperament: () => ({ kind: 'answers', afterMs: 100, talksForMs: 1_000 }),
    })
    const seat = await sit(exchange, '8001')
    seat.tell('dial', 'sip:60001@exercise.invalid')
    await seat.until('CALL_ESTABLISHED')
    await seat.until('CALL_CLOSED')
    expect(seat.said()).toMatch(/BYE sip:8001/)
  })

  it('connects two seats', async () => {
    const exchange = await begin()
    const [caller, called] = await Promise.all([sit(exchange, '8001'), sit(exchange, '8002', 'auto')])
    caller.tell('dial', 'sip:8002@exercise.invalid')
    await Promise.all([caller.until('CALL_RTPESTAB'), called.until('CALL_RTPESTAB')])
    called.tell('hangup')
    await caller.until('CALL_CLOSED')
  })

  it('has a phone call whom it is transferred to, and tells how that went', async () => {
    const exchange = await begin()
    const seat = await sit(exchange, '8001')
    seat.tell('dial', 'sip:60001@exercise.invalid')
    await seat.until('CALL_ESTABLISHED')
    seat.tell('transfer', 'sip:60002@exercise.invalid')
    await vi.waitFor(() => expect(exchange.phone('60002').heard()?.loud).toBeGreaterThan(10), patience)
    await vi.waitFor(() => expect(seat.said()).toMatch(/sipfrag[\s\S]*SIP\/2\.0 200 OK\s+\S*$/m), patience)
    await seat.until('CALL_CLOSED')
    await vi.waitFor(() => expect(exchange.phone('60001').heard()?.loud).toBeGreaterThan(10), patience)
  })

  it('rings every seat of a group when a citizen calls; the first to answer gets it, the others hear why', async () => {
    const exchange = await begin()
    const [quick, late] = await Promise.all([sit(exchange, '8001'), sit(exchange, '8002')])
    const citizen = exchange.callIn({ from: '13900000001', to: '110', clip: 'citizen-fire-en' })
    await Promise.all([quick.until('CALL_INCOMING'), late.until('CALL_INCOMING')])
    quick.tell('accept')
    await expect(citizen.answered).resolves.toBe(true)
    await late.until('CALL_CLOSED')
    expect(late.said()).toContain('Reason: SIP;cause=200;text="Call completed elsewhere"')
    await quick.until('CALL_RTPESTAB')
    await vi.waitFor(() => expect(citizen.heard()?.loud).toBeGreaterThan(10), patience)
    quick.tell('hangup')
    await expect(citizen.ended).resolves.toMatchObject({ kind: 'talked' })
  })

  it('lets a citizen give up whom nobody answers', async () => {
    const exchange = await begin()
    const seat = await sit(exchange, '8001')
    const citizen = exchange.callIn({
      from: '13900000002',
      to: '110',
      clip: 'citizen-fire-en',
      patienceMs: 1_000,
    })
    await seat.until('CALL_INCOMING')
    await seat.until('CALL_CLOSED')
    await expect(citizen.ended).resolves.toEqual({ kind: 'refused', status: 487 })
  })

  it('says goodbye to everybody when it closes', async () => {
    const exchange = await begin()
    const seat = await sit(exchange, '8001')
    seat.tell('dial', 'sip:60001@exercise.invalid')
    await seat.until('CALL_ESTABLISHED')
    await exchange.close()
    await seat.until('CALL_CLOSED')
  })
})

describe('the lab’s exchange with sipp', () => {
  const refusals: readonly (readonly [string, Temperament['kind'] | 'nobody', number])[] = [
    ['a busy phone', 'busy', 486],
    ['a phone that declines', 'declines', 603],
    ['a number that nobody has', 'nobody', 404],
  ]
  for (const [what, kind, status] of refusals)
    it(`answers a call to ${what} with ${status}`, async () => {
      const exchange = await begin({ temperament: (): Temperament => ofKind(kind) })
      await call(exchange, kind === 'nobody' ? '70000' : '60002', status)
    })

  it('lets nobody call who has not the password', async () => {
    const exchange = await begin()
    await call(exchange, '60001', 407, 'another-password')
  })

  it('takes back a call to a phone that nobody answers', async () => {
    const exchange = await begin({ temperament: (): Temperament => ({ kind: 'away' }) })
    await call(exchange, '60001', 487)
  })
})

const ofKind = (kind: Temperament['kind'] | 'nobody'): Temperament =>
  kind === 'busy' || kind === 'declines' || kind === 'away'
    ? { kind }
    : { kind: 'answers', afterMs: 200, talksForMs: 60_000 }

async function begin(options: Partial<ExchangeOptions> = {}): Promise<Exchange> {
  const exchange = await openExchange({
    host: '127.0.0.1',
    domain,
    accounts: ['8001', '8002'].map((number) => ({ number, password })),
    phones: ['60001', '60002'],
    groups: { '110': ['8001', '8002'] },
    clips,
    // baresip 1.0 stops at an algorithm that it doesn't know, where it should look at the next.
    algorithms: ['MD5'],
    temperament: () => ofKind('answers'),
    ...options,
  })
  onTestFinished(() => exchange.close())
  return exchange
}

const sit = ({ port }: Exchange, user: string, answers?: 'auto'): Promise<Baresip> =>
  startBaresip(onTestFinished, {
    user,
    password,
    domain,
    exchange: port,
    ...(answers === undefined ? {} : { answers }),
  })

/** Hertz, by counting how often the sign changes in a second. */
function pitchOf(samples: Int16Array): number {
  let changes = 0
  for (let at = 1; at < samples.length; at++)
    if ((samples[at] ?? 0) >= 0 !== (samples[at - 1] ?? 0) >= 0) changes++
  return (changes / 2) * (8_000 / samples.length)
}

/** Calls as 8001 with sipp, which fails unless this is the answer. 487: it cancels when it rings. */
async function call(exchange: Exchange, number: string, status: number, secret = password): Promise<void> {
  const folder = temporaryFolder(onTestFinished)
  const scenario = join(folder, 'call.xml')
  writeFileSync(scenario, scenarioOf(number, status, secret))
  const local = await freePort()
  await runProgram(
    'sipp',
    [
      '-sf',
      scenario,
      '-m',
      '1',
      '-i',
      '127.0.0.1',
      '-p',
      `${local}`,
      '-timeout',
      '20',
      `127.0.0.1:${exchange.port}`,
    ],
    { cwd: folder },
  )
}

function scenarioOf(number: string, status: number, secret: string): string {
  // Counts the scenario's lines back to the INVITE: a CANCEL, and the ACK of a refusal, have its branch.
  const message = (method: string, cseq: string, more: string, back = 0) => `<![CDATA[
${method} sip:${number}@${domain} SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch${back === 0 ? '' : `-${back}`}]
From: <sip:8001@${domain}>;tag=[call_number]
To: <sip:${number}@${domain}>${method === 'ACK' ? '[peer_tag_param]' : ''}
Call-ID: [call_id]
CSeq: ${cseq} ${method}
Max-Forwards: 70
Contact: <sip:8001@[local_ip]:[local_port]>
${more}
]]>`
  const offer = `Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [media_port] RTP/AVP 8
`
  const nothing = 'Content-Length: 0\n'
  const proof = `[authentication username=8001 password=${secret}]\n`
  const cancels = `<recv response="180"/><send>${message('CANCEL', '2', nothing, 3)}</send><recv response="200"/>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<scenario name="call">
<send>${message('INVITE', '1', offer)}</send>
<recv response="407" auth="true"/>
<send>${message('ACK', '1', nothing, 2)}</send>
<send>${message('INVITE', '2', proof + offer)}</send>
<recv response="100" optional="true"/>
${status === 487 ? cancels : '<recv response="180" optional="true"/>'}
<recv response="${status}"/>
<send>${message('ACK', '2', nothing, status === 487 ? 6 : 4)}</send>
</scenario>
`
}
