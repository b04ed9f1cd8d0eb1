import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openExchange } from '../../lab/exchange/exchange.ts'
import { type Gateway, type GatewayOptions, openGateway } from '../../lab/radio/gateway.ts'
import { encode } from '../../main/engine/media/g711.ts'
import type { DriverReport } from '../../main/engine/radio/drivers/driver.ts'
import { openDriver } from '../../main/engine/radio/drivers/open-driver.ts'
import { openSipDriver, type SipAccess } from '../../main/engine/radio/drivers/sip.ts'
import { openTestDriver, type TestDriver } from '../support/channel-driver.ts'
import { loudness, shareOf, sine } from '../support/tone.ts'

const SECOND = 8_000
const answersAtOnce = { kind: 'answers', afterMs: 0, talksForMs: 60_000 } as const
const tone = (frequency: number, seconds: number) => encode('PCMU', sine(frequency, seconds * SECOND))

async function open(options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  const gateway = await openGateway({ host: '127.0.0.1', user: 'radio', ...options })
  onTestFinished(() => gateway.close())
  return gateway
}

const access: SipAccess = { kind: 'sip', host: '127.0.0.1', transport: 'udp', user: 'radio', keying: 'ed137' }

const connect = ({ self }: Pick<Gateway, 'self'>, more: Partial<SipAccess> = {}, name?: string): TestDriver =>
  openTestDriver(
    onTestFinished,
    (options) => openSipDriver({ ...access, port: self.port, ...more }, options),
    name,
  )

const isUp = async (...seats: readonly TestDriver[]) => {
  for (const seat of seats) await expect.poll(() => seat.told()).toContain('up')
}
const last = ({ transmissions }: Gateway) => transmissions.at(-1)
/** The last quarter of a second of what the newest transmission had. */
const onAir = (gateway: Gateway) =>
  last(gateway)
    ?.samples()
    .slice(-SECOND / 4) ?? new Int16Array()
/** The last half second. */
const recent = (samples: Int16Array) => samples.slice(-SECOND / 2)

describe('an ED-137 gateway', () => {
  it('is up when its packets come, and hears the key, the voice, and the end of both', async () => {
    const gateway = await open()
    const seat = connect(gateway)
    await isUp(seat)
    expect(gateway.seats).toMatchObject([{ user: 'duty-1', pttId: 1, ptt: 0 }])
    seat.speak(700)
    seat.driver.key(false)
    await expect.poll(() => seat.told()).toContain('keyed')
    expect(gateway.seats[0]?.ptt).toBe(1)
    await expect.poll(() => shareOf(700, onAir(gateway))).toBeGreaterThan(0.9)
    seat.driver.unkey()
    await expect.poll(() => last(gateway)?.over).toBe(true)
    expect(gateway.transmissions).toHaveLength(1)
    expect(seat.told()).toEqual(['up', 'keyed'])
  })

  it('hears nothing of a seat that doesn’t key, and silence of one that keys and says nothing', async () => {
    const gateway = await open()
    const seat = connect(gateway)
    await isUp(seat)
    const hush = seat.speak(700)
    const clip = gateway.receive(tone(500, 0.5))
    await clip
    expect(gateway.transmissions).toEqual([])
    hush()
    seat.driver.key(false)
    await expect.poll(() => last(gateway)?.samples().length).toBeGreaterThan(SECOND / 2)
    expect(loudness(last(gateway)?.samples() ?? new Int16Array())).toBeLessThan(0.001)
  })

  it('tells of an emergency by the type of the key', async () => {
    const gateway = await open()
    const [seat, other] = [connect(gateway), connect(gateway, {}, 'duty-2')]
    await isUp(seat, other)
    seat.driver.key(true)
    await expect.poll(() => seat.told()).toContain('keyed')
    expect(last(gateway)?.ptt).toBe(4)
    await expect
      .poll(() => other.reports)
      .toContainEqual(expect.objectContaining({ kind: 'squelch-open', emergency: true }))
  })

  it('opens squelch for what it receives, with its signal, and closes it again', async () => {
    const gateway = await open()
    const seat = connect(gateway)
    await isUp(seat)
    await gateway.receive(tone(1_000, 0.6), 9)
    await expect.poll(() => seat.told()).toContain('squelch-closed')
    expect(seat.reports.slice(1, 3)).toEqual([
      { kind: 'squelch-open', radio: null, emergency: false },
      { kind: 'heard', signal: 9 / 15 },
    ])
    expect(shareOf(1_000, recent(seat.heard()))).toBeGreaterThan(0.9)
  })

  it('lets whoever keyed first talk: the other is told that it is busy, and hears who talks', async () => {
    const gateway = await open()
    const [first, second] = [connect(gateway), connect(gateway, {}, 'duty-2')]
    await isUp(first, second)
    first.speak(700)
    first.driver.key(false)
    await expect.poll(() => first.told()).toContain('keyed')
    const id = last(gateway)?.pttId
    await expect
      .poll(() => second.reports)
      .toContainEqual({
        kind: 'squelch-open',
        radio: `PTT ${id}`,
        emergency: false,
      })
    await expect.poll(() => shareOf(700, recent(second.heard()))).toBeGreaterThan(0.9)
    second.driver.key(false)
    // Nothing is heard from a key that is down, and what it was kept from is heard again.
    await expect
      .poll(() => second.told())
      .toEqual(['up', 'squelch-open', 'squelch-closed', 'unkeyed: busy', 'squelch-open'])
    await expect.poll(() => gateway.seats.map(({ ptt }) => ptt).sort()).toEqual([0, 1])
    expect(gateway.transmissions).toHaveLength(1)
  })

  it('gives an emergency the frequency that another had', async () => {
    const gateway = await open()
    const [first, second] = [connect(gateway), connect(gateway, {}, 'duty-2')]
    await isUp(first, second)
    first.driver.key(false)
    await expect.poll(() => first.told()).toContain('keyed')
    second.driver.key(true)
    await expect.poll(() => second.told()).toContain('keyed')
    await expect.poll(() => first.told()).toContain('unkeyed: busy')
    expect(last(gateway)).toMatchObject({ user: 'duty-2', over: false })
  })

  it('lets one of a dozen talk that key at the same moment, whichever, and the next when it has ended', async () => {
    const gateway = await open()
    const seats = Array.from({ length: 12 }, (_nothing, at) => connect(gateway, {}, `duty-${at}`))
    await isUp(...seats)
    for (let round = 1; round <= 2; round++) {
      for (const { driver } of seats) driver.key(false)
      const count = (what: string) =>
        seats.flatMap((seat) => seat.told()).filter((told) => told === what).length
      await expect.poll(() => count('keyed') + count('unkeyed: busy')).toBe(12 * round)
      expect(count('keyed')).toBe(round)
      for (const { driver } of seats) driver.unkey()
      await expect.poll(() => gateway.seats.every(({ ptt }) => ptt === 0)).toBe(true)
      expect(gateway.transmissions).toHaveLength(round)
    }
  })

  it('without a transmitter is heard, and denies the key', async () => {
    const gateway = await open({ receivesOnly: true })
    const seat = connect(gateway)
    await isUp(seat)
    seat.driver.key(false)
    expect(seat.told()).toEqual(['up', 'unkeyed: denied'])
    void gateway.receive(tone(1_000, 0.3))
    await expect.poll(() => seat.told()).toContain('squelch-open')
  })

  it('that cuts a transmission is believed', async () => {
    const gateway = await open({ timeOutMs: 500 })
    const seat = connect(gateway)
    await isUp(seat)
    seat.driver.key(false)
    await expect.poll(() => seat.told()).toContain('unkeyed: time-out')
    await expect.poll(() => gateway.seats[0]?.ptt).toBe(0)
  })

  it('gives its own transmission back, which is not heard', async () => {
    const gateway = await open()
    const [seat, witness] = [connect(gateway), connect(gateway, {}, 'duty-2')]
    await isUp(seat, witness)
    const hush = seat.speak(700)
    seat.driver.key(false)
    await expect.poll(() => shareOf(700, recent(witness.heard()))).toBeGreaterThan(0.9)
    seat.driver.unkey()
    hush()
    await expect.poll(() => witness.told()).toContain('squelch-closed')
    expect(seat.heard()).toHaveLength(0)
    expect(seat.told()).toEqual(['up', 'keyed'])
  })

  it('that sends nothing any more is down, though its SIP answers; and up when it sends again', async () => {
    const gateway = await open()
    const seat = connect(gateway)
    await isUp(seat)
    seat.driver.key(false)
    await expect.poll(() => seat.told()).toContain('keyed')
    gateway.freeze()
    await expect.poll(() => seat.told()).toContain('down: the gateway sends nothing any more')
    expect(seat.told()).toContain('unkeyed: lost')
    gateway.thaw()
    await expect.poll(() => seat.told().filter((what) => what === 'up')).toHaveLength(2)
    await expect.poll(() => gateway.seats).toHaveLength(1)
    expect(gateway.seats[0]?.ptt).toBe(0)
  })

  it('that starts again, with a word or without, is connected again', async () => {
    const gateway = await open()
    const { port } = gateway.self
    const seat = connect(gateway)
    await isUp(seat)
    await gateway.close()
    await expect.poll(() => seat.told().some((what) => what.startsWith('down'))).toBe(true)
    const second = await open({ port })
    await expect.poll(() => seat.told().filter((what) => what === 'up')).toHaveLength(2)
    second.kill()
    const third = await open({ port })
    await expect.poll(() => seat.told().filter((what) => what === 'up')).toHaveLength(3)
    expect(third.seats).toHaveLength(1)
  })

  it('that refuses is called again, and its reason is told', async () => {
    const gateway = await open()
    gateway.refuse(true)
    const seat = connect(gateway)
    await expect.poll(() => seat.told()).toContain('down: 486 Busy Here')
    seat.driver.key(false)
    expect(seat.told()).toContain('unkeyed: lost')
    gateway.refuse(false)
    await isUp(seat)
  })
})

describe('a gateway that is called', () => {
  it('is opened as every channel is', async () => {
    const gateway = await open()
    const reports: DriverReport[] = []
    const driver = await openDriver(
      { ...access, port: gateway.self.port },
      {
        ...{ name: 'duty-1', callsign: null, password: null, ownSources: new Set<number>(), clock: Date.now },
        onReport: (report) => reports.push(report),
        onTrouble: () => undefined,
      },
    )
    onTestFinished(() => driver.close())
    await expect.poll(() => reports).toEqual([{ kind: 'up' }])
  })

  it('and says nothing is called again', async () => {
    const mute = createSocket('udp4').bind(0, '127.0.0.1')
    onTestFinished(() => void mute.close())
    await once(mute, 'listening')
    const calls = new Set<string | undefined>()
    mute.on('message', (message) => calls.add(/^Call-ID: (.*)$/im.exec(String(message))?.[1]))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const seat = connect({ self: mute.address() })
    // Before it is closed, which takes time.
    onTestFinished(() => void vi.useRealTimers())
    await expect.poll(() => calls.size).toBe(1)
    vi.advanceTimersByTime(8_000)
    expect(seat.told()).toEqual(['down: no answer'])
    vi.advanceTimersByTime(500)
    await expect.poll(() => calls.size).toBe(2)
  })

  it('behind an exchange that wants a password says that it does, and is had with it', async () => {
    const exchange = await openExchange({
      ...{ host: '127.0.0.1', domain: '127.0.0.1', accounts: [{ number: 'duty-1', password: 'secret' }] },
      ...{ phones: ['radio'], clips: new Map(), temperament: () => answersAtOnce },
    })
    onTestFinished(() => exchange.close())
    const at: SipAccess = { ...access, port: exchange.port, keying: 'voice' }
    const seat = openTestDriver(onTestFinished, (options) => openSipDriver(at, options))
    await expect
      .poll(() => seat.reports)
      .toContainEqual(expect.objectContaining({ kind: 'down', password: true }))
    const other = openTestDriver(onTestFinished, (options) =>
      openSipDriver(at, { ...options, password: 'secret' }),
    )
    await isUp(other)
  })
})

describe.each(['dtmf', 'info', 'voice'] as const)('a gateway keyed by %s', (keying) => {
  it('transmits while it is keyed, the voice with it, and lets what it receives be heard', async () => {
    const gateway = await open({ keying })
    const seat = connect(gateway, { keying })
    await isUp(seat)
    await gateway.receive(tone(1_000, 0.6))
    await expect.poll(() => seat.told()).toContain('squelch-closed')
    expect(seat.reports[1]).toEqual({ kind: 'squelch-open', radio: null, emergency: false })
    const hush = seat.speak(700)
    seat.driver.key(false)
    await expect.poll(() => seat.told()).toContain('keyed')
    await expect.poll(() => shareOf(700, onAir(gateway))).toBeGreaterThan(0.9)
    seat.driver.unkey()
    hush()
    await expect.poll(() => last(gateway)?.over).toBe(true)
    expect(gateway.transmissions).toHaveLength(1)
    expect(seat.told()).toEqual(['up', 'squelch-open', 'squelch-closed', 'keyed'])
  })
})
