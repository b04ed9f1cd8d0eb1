/** Calls through Kamailio with baresip: what each side hears of the other, measured at both. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import { emptyState, fold } from '../../contract/state.ts'
import { planImport } from '../../hub/directory/import.ts'
import { PlayerLeg } from '../../main/engine/media/player-leg.ts'
import type { RtpLeg } from '../../main/engine/media/rtp-leg.ts'
import { openCallVoice } from '../../main/engine/telephony/call-voice.ts'
import { openDesk } from '../../main/engine/telephony/desk.ts'
import { openLine } from '../../main/engine/telephony/line.ts'
import { openTelephone } from '../../main/engine/telephony/telephone.ts'
import { type AtEnd, endings } from '../support/at-end.ts'
import { startBaresip } from '../support/baresip.ts'
import { listenTo } from '../support/ear.ts'
import { type Kamailio, startKamailio } from '../support/kamailio.ts'
import { openTestSip } from '../support/sip-line.ts'
import { receive, reply, replyWithin, sdpBody, startSipp } from '../support/sipp.ts'
import { documentOf, smallCity, smallCityWith } from '../support/site.ts'
import { loudness, shareOf, sine } from '../support/tone.ts'

const users = {
  desk: 'password-of-desk',
  bob: 'password-of-bob',
  carol: 'password-of-carol',
  dave: 'password-of-dave',
  erin: 'password-of-erin',
  frank: 'password-of-frank',
  '8001': 'password-of-8001',
}
/** What baresip says, and what is said to it, during and after a hold, Hz. */
const THEIRS = 440
const [OURS, MEANWHILE, AFTER] = [1_000, 1_500, 2_300]
const patience = { timeout: 20_000, interval: 50 }
/** How long nothing comes from one that has vanished; a seat waits longer. */
const VANISHED_MS = 3_000
/** Half a second of packets. */
const HALF_SECOND = 25

const { atEnd, run } = endings()
afterAll(run)
let kamailio: Kamailio
beforeAll(async () => {
  kamailio = await startKamailio(atEnd, { users })
})

/** Its own is what comes back, so that what it hears can be measured before, during and after. */
describe('a call to sipp, which says what it hears,', () => {
  it('is truly silent there while it is held, and heard there again', async () => {
    const answers = (direction: string) => sdpBody(['m=audio [media_port] RTP/AVP 8', `a=${direction}`])
    const sipp = await startSipp(onTestFinished, [
      receive('INVITE'),
      reply('200 OK', [], answers('sendrecv')),
      receive('ACK'),
      // It says on what it hears, as a telephone that is held must not, but might.
      receive('INVITE'),
      replyWithin('200 OK', [], answers('recvonly')),
      receive('ACK'),
      receive('INVITE'),
      replyWithin('200 OK', [], answers('sendrecv')),
      receive('ACK'),
      receive('BYE'),
      replyWithin('200 OK'),
    ])
    const { port } = openTestSip(onTestFinished, {
      user: 'desk',
      password: 'none',
      server: { transport: 'udp', host: '127.0.0.1', port: sipp.port },
    })
    const call = port.call('sipp')
    await vi.waitFor(() => expect(call.state).toBe('talking'), patience)
    const { leg } = await call.media.opened
    const heard = listenTo(leg)
    const comesBack = async (frequency: number) => {
      await say(onTestFinished, leg, frequency, HALF_SECOND)
      await vi.waitFor(
        () => expect(leg.statistics.packetsReceived).toBe(leg.statistics.packetsSent),
        patience,
      )
      const sound = heard()
      expect(sound).toHaveLength(HALF_SECOND * 160)
      expect(shareOf(frequency, sound)).toBeGreaterThan(0.9)
    }
    await comesBack(OURS)
    await call.hold()
    await say(onTestFinished, leg, MEANWHILE, 2 * HALF_SECOND)
    await call.resume()
    await comesBack(AFTER)
    expect(leg.statistics.packetsReceived).toBe(2 * HALF_SECOND)
    call.hangUp()
    await sipp.done
  })
})

/** Together, for the one that vanishes is waited for. */
describe.concurrent('a call through Kamailio with baresip', () => {
  it('is heard at both ends', async ({ onTestFinished }) => {
    const bob = await phone(onTestFinished, 'bob')
    const { call, leg, heard } = await callTo('bob', onTestFinished)
    await say(onTestFinished, leg, OURS, 2 * HALF_SECOND)
    await vi.waitFor(() => expect(shareOf(THEIRS, heard())).toBeGreaterThan(0.9), patience)
    expect(leg.statistics.lossShare).toBeLessThan(0.05)
    bob.tell('hangup')
    await vi.waitFor(() => expect(call.end?.why).toBe('hung-up'), patience)
    await bob.kill()
    const [start, end] = [HALF_SECOND * 160, HALF_SECOND * 160 * 1.5]
    const played = bob.played().subarray(start, end)
    expect(played).toHaveLength(end - start)
    expect(loudness(played)).toBeGreaterThan(0.1)
    expect(shareOf(OURS, played)).toBeGreaterThan(0.9)
  })

  it('is silent at both ends while it is held, and goes on at both', async ({ onTestFinished }) => {
    const dave = await phone(onTestFinished, 'dave')
    const { call, leg, heard } = await callTo('dave', onTestFinished)
    await say(onTestFinished, leg, OURS, HALF_SECOND)
    await vi.waitFor(() => expect(shareOf(THEIRS, heard())).toBeGreaterThan(0.9), patience)
    await call.hold()
    const { packetsSent } = leg.statistics
    heard()
    await say(onTestFinished, leg, MEANWHILE, 2 * HALF_SECOND)
    expect(leg.statistics.packetsSent).toBe(packetsSent)
    expect(heard()).toHaveLength(0)
    await call.resume()
    await say(onTestFinished, leg, OURS, HALF_SECOND)
    await vi.waitFor(() => expect(shareOf(THEIRS, heard())).toBeGreaterThan(0.9), patience)
    dave.tell('hangup')
    await vi.waitFor(() => expect(call.end?.why).toBe('hung-up'), patience)
    await dave.kill()
    const played = windowsOf(dave.played())
    expect(played.length).toBeGreaterThan(HALF_SECOND / 2)
    expect(played.filter((window) => shareOf(MEANWHILE, window) * loudness(window) ** 2 > 1e-4)).toEqual([])
  })

  it('is protected by a handshake, where the exchange asks for that', async ({ onTestFinished }) => {
    const erin = await phone(onTestFinished, 'erin', 'dtls_srtp')
    const { call, leg, heard } = await callTo('erin', onTestFinished, () => openCallVoice(server(), 'dtls'))
    await vi.waitFor(() => expect(shareOf(THEIRS, heard())).toBeGreaterThan(0.9), patience)
    // It has asked baresip to begin.
    expect((await call.media.opened).agreed).toMatchObject({ keys: undefined, dtls: { active: false } })
    await say(onTestFinished, leg, OURS, 3 * HALF_SECOND)
    erin.tell('hangup')
    await vi.waitFor(() => expect(call.end?.why).toBe('hung-up'), patience)
    await erin.kill()
    const played = erin.played().subarray(HALF_SECOND * 160, HALF_SECOND * 240)
    expect(shareOf(OURS, played)).toBeGreaterThan(0.9)
  })

  it('ends with a reason, unheard, where the other side’s certificate is not the announced', async ({
    onTestFinished,
  }) => {
    await phone(onTestFinished, 'frank', 'dtls_srtp')
    const { call, leg, heard } = await callTo('frank', onTestFinished, () => {
      const voice = openCallVoice(server(), 'dtls')
      const { accept } = voice
      voice.accept = (answer) =>
        accept.call(
          voice,
          answer.replace(
            /(fingerprint:\s*\S+ )(..)/gi,
            (_, name, octet) => `${name}${octet === 'FF' ? '00' : 'FF'}`,
          ),
        )
      return voice
    })
    talk(onTestFinished, leg, OURS)
    await vi.waitFor(() => expect(call.state).toBe('ended'), patience)
    expect(call.end).toMatchObject({
      why: 'media',
      reason: expect.stringContaining('certificate'),
      here: true,
    })
    expect(leg.statistics.packetsSent).toBe(0)
    expect(heard()).toHaveLength(0)
  })

  it('ends as lost when the caller vanishes without a word', async ({ onTestFinished }) => {
    const carol = await phone(onTestFinished, 'carol')
    const recorded: Command[] = []
    const board = await seat(onTestFinished, recorded)
    carol.tell('dial', 'sip:8001@pbx.test')
    const call = () => board.state.value.calls[0]
    await vi.waitFor(() => expect(call()?.state).toBe('waiting'), patience)
    await board.answer(null)
    await vi.waitFor(() => expect(call()?.quality?.mos).toBeGreaterThan(4), patience)
    await carol.kill()
    await vi.waitFor(() => expect(call()?.state).toBe('ended'), patience)
    expect(call()?.end).toMatchObject({ why: 'lost' })
    expect(recorded).toMatchObject([
      { kind: 'call.record', call: { number: 'carol', direction: 'in', end: 'lost' } },
    ])
  })
})

type Phone = Exclude<keyof typeof users, 'desk' | '8001'>

const server = () => kamailio.server('udp')

const phone = (end: AtEnd, user: Phone, protects?: 'dtls_srtp') =>
  startBaresip(end, {
    user,
    password: users[user],
    domain: kamailio.domain,
    exchange: kamailio.server('udp').port,
    answers: 'auto',
    ...(protects !== undefined && { protects }),
  })

async function callTo(user: Phone, end: AtEnd, openMedia = () => openCallVoice(server(), false)) {
  const { port } = openTestSip(end, {
    user: 'desk',
    password: users.desk,
    server: server(),
    openMedia,
  })
  await port.register()
  const call = port.call(user)
  await vi.waitFor(() => expect(['talking', 'ended']).toContain(call.state), patience)
  const { leg } = await call.media.opened
  return { call, leg, heard: listenTo(leg) }
}

/** Says one frequency until it is closed. */
function talk(end: AtEnd, leg: RtpLeg, frequency: number): PlayerLeg {
  const player = new PlayerLeg({ samples: sine(frequency, 8_000), loop: true })
  end(() => player.close())
  player.onVoice((packet) => leg.send(packet))
  return player
}

/** Says one frequency for so many packets. */
async function say(end: AtEnd, leg: RtpLeg, frequency: number, packets: number): Promise<void> {
  const player = talk(end, leg, frequency)
  let said = 0
  await new Promise<void>((resolve) =>
    player.onVoice(() => {
      if (++said === packets) resolve()
    }),
  )
  player.close()
}

/** Cut in pieces of 20 ms. */
const windowsOf = (samples: Int16Array): Int16Array[] =>
  Array.from({ length: Math.floor(samples.length / 160) }, (_, at) =>
    samples.subarray(at * 160, (at + 1) * 160),
  )

/** A seat's telephone with a line at Kamailio and a microphone that hears nothing. */
async function seat(end: AtEnd, recorded: Command[]) {
  const microphone = new PlayerLeg({ samples: new Int16Array(160), loop: true })
  end(() => microphone.close())
  const board = openTelephone({
    clock: Date.now,
    headset: openDesk({
      openConsoleLeg: () => ({
        open: false,
        send: () => undefined,
        onVoice: (listener) => microphone.onVoice(listener),
        close: () => undefined,
      }),
    }),
    lines: {
      readPassword: async () => users['8001'],
      openLine: (options) => openLine({ ...options, openMedia: (server) => openCallVoice(server, false) }),
    },
    submit: async (_account, command) => recorded.push(command),
    claim: async () => undefined,
    limits: { vanishedMs: VANISHED_MS },
    ledger: { keep: () => undefined, strike: () => undefined },
    onTrouble: (what, error) => {
      throw new Error(`${what}: ${error}`)
    },
  })
  end(() => board.close())
  const document = documentOf({
    ...smallCityWith({
      accounts: smallCity.accounts.map((account) =>
        account.id === 'admin'
          ? { ...account, lines: [{ id: 'line', exchange: 'main', number: '8001' }] }
          : account,
      ),
    }),
    exchanges: [{ id: 'main', name: 'Main', domain: kamailio.domain, servers: [kamailio.server('udp')] }],
  })
  board.sit('admin', fold(emptyState, planImport(emptyState, document)))
  await vi.waitFor(
    () => expect(board.state.value.lines.map(({ state }) => state)).toEqual(['registered']),
    patience,
  )
  return board
}
