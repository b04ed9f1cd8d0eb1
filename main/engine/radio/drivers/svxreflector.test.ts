/** Against a reflector with talkgroups, which Debian has not, and where one fails. Real ones: tests/peers/radio-svxlink. */
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type FakeReflector, startFakeReflector } from '../../../../tests/support/fake-reflector.ts'
import type { VoicePacket } from '../../media/leg.ts'
import { silentOpus } from '../../media/opus.ts'
import type { DriverReport } from './driver.ts'
import { openSvxreflectorDriver } from './svxreflector.ts'

const TALKGROUP = 3000

function openSeat(
  { port }: Pick<FakeReflector, 'port'>,
  { callsign = 'WF-1', password = 'secret' }: { callsign?: string | null; password?: string | null } = {},
  clock = () => performance.now(),
) {
  const reports: DriverReport[] = []
  const voice: VoicePacket[] = []
  const driver = openSvxreflectorDriver(
    { kind: 'svxreflector', host: '127.0.0.1', port, talkgroup: TALKGROUP },
    {
      ...{ name: 'duty-1', callsign, password, ownSources: new Set(), clock: Date.now },
      onReport: (report) => reports.push(report),
      onTrouble: (_what, error) => {
        throw error
      },
    },
    { wait: () => 10, clock },
  )
  onTestFinished(() => driver.close())
  driver.leg.onVoice((packet) => voice.push(packet))
  return { driver, reports, voice }
}

const until = (look: () => void) => vi.waitFor(look, { timeout: 20_000, interval: 5 })
/** Time goes so many times faster: it is looked at once a second. */
const hurried = (times: number) => () => performance.now() * times

describe('a reflector with talkgroups', () => {
  it('is entered with a callsign for the talkgroup, which is selected', async () => {
    const reflector = await startFakeReflector(onTestFinished)
    const { reports } = openSeat(reflector)
    await until(() => expect(reports).toEqual([{ kind: 'up' }]))
    expect(reflector.heard[0]).toBe('000500020000')
    expect(reflector.heard[1]).toContain(Buffer.from('WF-1-3000').toString('hex'))
    expect(reflector.heard[2]).toBe('006a00000bb8')
  })

  it('is heard where its talkgroup is, and nowhere else', async () => {
    const reflector = await startFakeReflector(onTestFinished)
    const { reports, voice } = openSeat(reflector)
    await until(() => expect(reports).toHaveLength(1))
    reflector.say(104, 1, 'ELSEWHERE')
    reflector.say(104, TALKGROUP, 'HERE')
    await until(() => expect(reports.at(-1)).toMatchObject({ kind: 'squelch-open', radio: 'HERE' }))
    expect(reports).toHaveLength(2)
    for (let packet = 0; packet < 3; packet++) reflector.sendPacket(101, silentOpus(20))
    await until(() => expect(voice).toHaveLength(3))
    const [first, second] = voice
    expect(first).toMatchObject({ codec: 'opus', marker: true, payload: silentOpus(20) })
    expect(second).toMatchObject({ marker: false, ssrc: first?.ssrc })
    expect([second?.sequence, second?.timestamp]).toEqual([
      ((first?.sequence ?? 0) + 1) & 0xffff,
      ((first?.timestamp ?? 0) + 960) >>> 0,
    ])
    reflector.say(105, TALKGROUP, 'HERE')
    await until(() => expect(reports.at(-1)).toEqual({ kind: 'squelch-closed' }))
    // The next talker's voice is a stream of its own.
    reflector.sendPacket(102)
    reflector.sendPacket(101, silentOpus(20))
    await until(() => expect(voice).toHaveLength(4))
    expect(voice[3]).toMatchObject({
      marker: true,
      ssrc: expect.not.toSatisfy((ssrc) => ssrc === first?.ssrc),
    })
  })

  it('gets no voice while the key is up, and its end when it comes up', async () => {
    const reflector = await startFakeReflector(onTestFinished)
    const { driver, reports } = openSeat(reflector)
    await until(() => expect(reports).toHaveLength(1))
    const say = (sequence: number) =>
      driver.leg.send({
        ...{ codec: 'opus', marker: false, sequence, timestamp: sequence * 960, ssrc: 1 },
        payload: silentOpus(20),
      })
    say(1)
    driver.key(false)
    say(2)
    driver.unkey()
    say(3)
    await until(() => expect(reflector.packets.slice(-3)).toEqual([101, 101, 102]))
    expect(reflector.packets.filter((type) => type === 101)).toHaveLength(2)
  })
})

describe('a reflector that fails', () => {
  it('over UDP only is down, and says so', async () => {
    const reflector = await startFakeReflector(onTestFinished, { answersPackets: false })
    const { reports } = openSeat(reflector, {}, hurried(8))
    await until(() => expect(reports[0]).toMatchObject({ kind: 'down', why: 'no-packets' }))
    expect(reports[0]).not.toHaveProperty('password')
  })

  it('by saying nothing is down, and tried again', async () => {
    const reflector = await startFakeReflector(onTestFinished, { silent: true })
    const { reports } = openSeat(reflector, {}, hurried(20))
    await until(() =>
      expect(reports[0]).toMatchObject({ kind: 'down', why: expect.stringContaining('silent') }),
    )
    await until(() =>
      expect(reflector.heard.filter((message) => message === '000500020000').length).toBeGreaterThan(1),
    )
    expect(reports).toHaveLength(1)
  })

  it('by not being there lets nobody talk', async () => {
    const { driver, reports } = openSeat({ port: 1 })
    driver.key(false)
    expect(reports).toEqual([{ kind: 'unkeyed', why: 'lost' }])
    await until(() =>
      expect(reports[1]).toMatchObject({ kind: 'down', why: expect.stringContaining('ECONNREFUSED') }),
    )
  })
})

describe('without what the reflector wants to know', () => {
  it('nothing is tried: no password', async () => {
    const { reports } = openSeat({ port: 1 }, { password: null })
    await until(() => expect(reports).toMatchObject([{ kind: 'down', password: true }]))
  })

  it('nothing is tried: no callsign', async () => {
    const { reports } = openSeat({ port: 1 }, { callsign: null })
    await until(() => expect(reports).toMatchObject([{ kind: 'down', why: 'no-callsign' }]))
    expect(reports[0]).not.toHaveProperty('password')
  })
})
