/** A talkgroup of Debian's svxreflector, with a SvxLink node whose radio is here: what each side hears of the other. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { PlayerLeg } from '../../main/engine/media/player-leg.ts'
import type { ChannelDriver, DriverReport } from '../../main/engine/radio/drivers/driver.ts'
import { openSvxreflectorDriver } from '../../main/engine/radio/drivers/svxreflector.ts'
import { type AtEnd, endings } from '../support/at-end.ts'
import { openWideEar } from '../support/ear.ts'
import {
  REFLECTOR_PASSWORD,
  type SvxlinkNode,
  type Svxreflector,
  startSvxlink,
  startSvxreflector,
} from '../support/svxlink.ts'
import { shareOf, sine } from '../support/tone.ts'

const patience = { timeout: 20_000, interval: 20 }
const RATE = 16_000
/** What the node's radio hears, and what the seat says, Hz. */
const [THEIRS, OURS] = [1_000, 700]
const NODE = 'NODE-A'

const { atEnd, run } = endings()
afterAll(run)
let reflector: Svxreflector
let node: SvxlinkNode
beforeAll(async () => {
  reflector = await startSvxreflector(atEnd, { callsigns: [NODE, 'SEAT-1', 'SEAT-2'] })
  node = await startSvxlink(atEnd, { callsign: NODE, reflector })
})

interface Seat {
  readonly driver: ChannelDriver
  readonly reports: readonly DriverReport[]
  readonly kinds: () => string[]
  /** The last half second of what it hears, 16,000 samples a second. */
  readonly heard: () => Int16Array
}

async function seat(
  end: AtEnd,
  callsign: string,
  { port }: Svxreflector = reflector,
  { talkgroup = 1, password = REFLECTOR_PASSWORD } = {},
): Promise<Seat> {
  const reports: DriverReport[] = []
  const driver = openSvxreflectorDriver(
    { kind: 'svxreflector', host: '127.0.0.1', port, talkgroup },
    {
      name: 'duty-1',
      callsign,
      password,
      ownSources: new Set(),
      clock: Date.now,
      onReport: (report) => reports.push(report),
      onTrouble: (_what, error) => {
        throw error
      },
    },
    { wait: () => 50, clock: () => performance.now() },
  )
  end(() => driver.close())
  const ear = openWideEar()
  let heard: number[] = []
  driver.leg.onVoice((packet) => {
    heard = [...heard, ...ear(packet)].slice(-RATE / 2)
  })
  const kinds = () => reports.map(({ kind }) => kind)
  await vi.waitFor(() => expect(reports.length).toBeGreaterThan(0), patience)
  return { driver, reports, kinds, heard: () => Int16Array.from(heard) }
}

/** The node's radio hears a tone until the answer is called. */
function radioHears(end: AtEnd, frequency: number): () => void {
  node.receive(frequency)
  const stop = () => node.receive(undefined)
  end(stop)
  return stop
}

/** Says a tone to the channel until it is closed, whether it is keyed or not. */
function say(end: AtEnd, { leg }: ChannelDriver, frequency: number): PlayerLeg {
  const player = new PlayerLeg({ samples: sine(frequency, 8_000), loop: true })
  end(() => player.close())
  player.onVoice((packet) => leg.send(packet))
  return player
}

const share = (frequency: number, samples: Int16Array) => shareOf(frequency, samples, RATE)

describe('a talkgroup of a SvxLink reflector', () => {
  it('brings what its radios hear, with the callsign of whoever talks', async () => {
    const { kinds, reports, heard } = await seat(onTestFinished, 'SEAT-1')
    expect(reports).toEqual([{ kind: 'up' }])
    const stop = radioHears(onTestFinished, THEIRS)
    await vi.waitFor(() => expect(share(THEIRS, heard())).toBeGreaterThan(0.9), patience)
    expect(kinds()[1]).toBe('squelch-open')
    expect(reports.slice(1)).toContainEqual(expect.objectContaining({ radio: NODE }))
    stop()
    await vi.waitFor(() => expect(kinds().at(-1)).toBe('squelch-closed'), patience)
  })

  it('takes what a seat says to its radios, and to other seats, as long as the key is down', async () => {
    const one = await seat(onTestFinished, 'SEAT-1')
    const other = await seat(onTestFinished, 'SEAT-2')
    say(onTestFinished, one.driver, OURS)
    one.driver.key(false)
    await vi.waitFor(() => expect(one.kinds()).toEqual(['up', 'keyed']), patience)
    await vi.waitFor(() => expect(share(OURS, node.transmitted())).toBeGreaterThan(0.9), patience)
    await vi.waitFor(() => expect(share(OURS, other.heard())).toBeGreaterThan(0.9), patience)
    expect(node.said()).toContain('Talker start: SEAT-1')
    one.driver.unkey()
    await vi.waitFor(() => expect(other.kinds().at(-1)).toBe('squelch-closed'), patience)
    await vi.waitFor(() => expect(node.said()).toContain('Talker stop: SEAT-1'), patience)
    expect(one.kinds()).toEqual(['up', 'keyed'])
  })

  it('lets one talk at a time: whoever is later is refused, and not heard', async () => {
    const one = await seat(onTestFinished, 'SEAT-1')
    const other = await seat(onTestFinished, 'SEAT-2')
    const stop = radioHears(onTestFinished, THEIRS)
    await vi.waitFor(() => expect(one.kinds()).toContain('squelch-open'), patience)
    one.driver.key(false)
    expect(one.reports.at(-1)).toEqual({ kind: 'unkeyed', why: 'busy' })
    stop()
    await vi.waitFor(() => expect(other.kinds().at(-1)).toBe('squelch-closed'), patience)

    // Now the seat is first.
    say(onTestFinished, one.driver, OURS)
    one.driver.key(false)
    await vi.waitFor(() => expect(one.kinds().at(-1)).toBe('keyed'), patience)
    const before = other.reports.length
    radioHears(onTestFinished, THEIRS)
    other.driver.key(false)
    await vi.waitFor(() => expect(share(OURS, other.heard())).toBeGreaterThan(0.9), patience)
    expect(other.reports.slice(before)).toContainEqual({ kind: 'unkeyed', why: 'busy' })
    expect(one.kinds().at(-1)).toBe('keyed')
  })

  it('does not let a seat talk on that presses at the same time and was later', async () => {
    const seats = [await seat(onTestFinished, 'SEAT-1'), await seat(onTestFinished, 'SEAT-2')]
    for (const { driver } of seats) {
      say(onTestFinished, driver, OURS)
      driver.key(false)
    }
    const last = () => seats.map(({ reports }) => reports.find(({ kind }) => kind.endsWith('keyed')))
    await vi.waitFor(() => expect(last()).not.toContain(undefined), patience)
    expect(last()).toContainEqual({ kind: 'keyed' })
    expect(last()).toContainEqual({ kind: 'unkeyed', why: 'busy' })
  })

  it('says that the password is wrong, and that a callsign is unknown', async () => {
    const wrong = await seat(onTestFinished, 'SEAT-1', reflector, { password: 'wrong' })
    const unknown = await seat(onTestFinished, 'SEAT-9')
    for (const { reports } of [wrong, unknown])
      expect(reports[0]).toMatchObject({ kind: 'down', why: 'access-denied', password: true })
    // It keeps trying, and says it once.
    const tries = () => reflector.said().match(/Authentication failed/g)?.length ?? 0
    const before = tries()
    await vi.waitFor(() => expect(tries()).toBeGreaterThan(before + 2), patience)
    expect(wrong.reports).toHaveLength(1)
  })

  it('without talkgroups is no other than 1', async () => {
    const { reports } = await seat(onTestFinished, 'SEAT-1', reflector, { talkgroup: 9 })
    expect(reports[0]).toMatchObject({ kind: 'down', why: 'no-talkgroups' })
  })
})

describe('a reflector', () => {
  it('that was killed is missed at once, and is there again when it is', async () => {
    const own = await startSvxreflector(onTestFinished, { callsigns: ['SEAT-1', 'SEAT-2'] })
    const one = await seat(onTestFinished, 'SEAT-1', own)
    say(onTestFinished, one.driver, OURS)
    one.driver.key(false)
    await vi.waitFor(() => expect(one.kinds()).toEqual(['up', 'keyed']), patience)
    await own.kill()
    await vi.waitFor(() => expect(one.kinds()).toEqual(['up', 'keyed', 'unkeyed', 'down']), patience)
    expect(one.reports[2]).toEqual({ kind: 'unkeyed', why: 'lost' })
    await own.start()
    await vi.waitFor(() => expect(one.kinds().at(-1)).toBe('up'), patience)
    const other = await seat(onTestFinished, 'SEAT-2', own)
    one.driver.key(false)
    await vi.waitFor(() => expect(share(OURS, other.heard())).toBeGreaterThan(0.9), patience)
  })

  it('cuts off whoever talks too long, who may not talk again at once', async () => {
    const own = await startSvxreflector(onTestFinished, { callsigns: ['SEAT-1'], talksFor: 1 })
    const one = await seat(onTestFinished, 'SEAT-1', own)
    say(onTestFinished, one.driver, OURS)
    one.driver.key(false)
    await vi.waitFor(() => expect(one.reports.at(-1)).toEqual({ kind: 'unkeyed', why: 'time-out' }), patience)
    expect(one.kinds()).toEqual(['up', 'keyed', 'unkeyed'])
    one.driver.key(false)
    await vi.waitFor(() => expect(one.reports.at(-1)).toEqual({ kind: 'unkeyed', why: 'denied' }), patience)
  })
})
