/** Acts between two seats, with a hub, over the lab's exchange: the tones tell who hears whom. */
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { Refusal } from '../../contract/refusal.ts'
import { type Exchange, openExchange } from '../../lab/exchange/exchange.ts'
import { encode } from '../../main/engine/media/g711.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { type HubSeat, openHubSeat } from '../support/hub-seat.ts'
import { refusalOf } from '../support/seat.ts'
import { smallCity, smallCityWith } from '../support/site.ts'
import { loudness, shareOf, sine } from '../support/tone.ts'

const DOMAIN = 'exercise.invalid'
const LINE_PASSWORD = 'password-of-a-line'
/** What microphones hear and phones say, Hz. */
const OFFICER = 1000
const CHIEF = 1700
const UNIT = 400
const CITIZEN = 700
const UNIT_NUMBER = '60001'
const CALLER = '13900004711'
/** In a mix of two or three, and by a talker that is not there. */
const HEARD = 0.15
const UNHEARD = 0.01

const lines: Record<string, string> = { 'north-officer': '8001', supervisor: '8000', 'fire-officer': '8119' }
let exchange: Exchange
let hub: TestHub

beforeEach(async () => {
  exchange = await openExchange({
    host: '127.0.0.1',
    domain: DOMAIN,
    accounts: Object.values(lines).map((number) => ({ number, password: LINE_PASSWORD })),
    phones: [UNIT_NUMBER],
    groups: { '110': ['8001'] },
    temperament: () => ({ kind: 'answers', afterMs: 20, talksForMs: 120_000 }),
    clips: new Map([
      ['unit-tone', encode('PCMU', sine(UNIT, 80_000))],
      ['citizen-tone', encode('PCMU', sine(CITIZEN, 80_000))],
    ]),
  })
  onTestFinished(() => exchange.close())
})

async function begin(site: object = {}): Promise<{ officer: HubSeat; chief: HubSeat }> {
  hub = await startTestHub(onTestFinished, {
    site: smallCityWith({
      site: { ...smallCity.site, ...site },
      accounts: smallCity.accounts.map((account) => {
        const number = lines[account.id]
        const line = { id: `line-${number}`, exchange: 'main', number, password: LINE_PASSWORD }
        return number === undefined ? account : { ...account, lines: [line] }
      }),
      exchanges: [
        {
          id: 'main',
          name: 'Main',
          domain: DOMAIN,
          servers: [{ transport: 'udp', host: exchange.host, port: exchange.port }],
        },
      ],
    }),
  })
  const [officer, chief] = await Promise.all([
    openHubSeat(onTestFinished, hub, 'north-officer', OFFICER),
    openHubSeat(onTestFinished, hub, 'supervisor', CHIEF),
  ])
  return { officer, chief }
}

/** The officer talks to the unit. */
async function talking(officer: HubSeat): Promise<void> {
  const id = officer.board.dial({ number: UNIT_NUMBER })
  await expect.poll(() => officer.calls().find((call) => call.id === id)?.state).toBe('talking')
}

/** As the board of a seat shows the other's call in this state, once it does. */
async function shownTo(seat: HubSeat, state: string): Promise<{ seat: string; call: string }> {
  const find = () =>
    seat
      .shown()
      .seats?.flatMap(({ seat: name, calls }) => calls.map((call) => ({ ...call, seat: name })))
      .find((call) => call.state === state)
  await expect.poll(find).toBeDefined()
  const { seat: name = '', id: call = '' } = find() ?? {}
  return { seat: name, call }
}

const unitHears = (frequency: number) => {
  const samples = exchange.phone(UNIT_NUMBER).heard()?.samples ?? new Int16Array()
  return loudness(samples) < 0.01 ? 0 : shareOf(frequency, samples)
}

const journalled = async () =>
  (await hub.journal.read(0, 1000)).flatMap((event) =>
    event.kind.startsWith('supervision.') ? [{ kind: event.kind, actor: event.actor, data: event.data }] : [],
  )

describe('a supervisor at another seat', () => {
  it('hears all of a call, unheard; then is heard by the officer alone; then by everybody; then by nobody', async () => {
    const { officer, chief } = await begin()
    await talking(officer)
    const there = await shownTo(chief, 'talking')
    await chief.act.begin({ ...there, mode: 'listen', reason: 'training' })
    await expect.poll(() => Math.min(chief.hears(OFFICER), chief.hears(UNIT))).toBeGreaterThan(HEARD)
    await expect.poll(() => unitHears(OFFICER)).toBeGreaterThan(0.9)
    await expect.poll(() => officer.hears(UNIT)).toBeGreaterThan(0.9)
    expect(Math.max(officer.hears(CHIEF), unitHears(CHIEF))).toBeLessThan(UNHEARD)
    expect(officer.shown()).toMatchObject({ own: null, present: [], notes: [] })

    await chief.act.setMode('whisper')
    await expect.poll(() => officer.hears(CHIEF)).toBeGreaterThan(HEARD)
    await expect.poll(() => Math.min(chief.hears(OFFICER), chief.hears(UNIT))).toBeGreaterThan(HEARD)
    await expect.poll(() => unitHears(OFFICER)).toBeGreaterThan(0.9)
    expect(unitHears(CHIEF)).toBeLessThan(UNHEARD)
    expect(officer.shown().present).toMatchObject([
      { call: there.call, mode: 'whisper', by: { zh: '带班长' } },
    ])

    await chief.act.setMode('barge')
    await expect.poll(() => Math.min(officer.hears(CHIEF), unitHears(CHIEF))).toBeGreaterThan(HEARD)
    expect(officer.shown().present).toMatchObject([{ mode: 'barge' }])

    await chief.act.setMode('listen')
    await expect.poll(() => Math.max(officer.hears(CHIEF), unitHears(CHIEF))).toBeLessThan(UNHEARD)
    await expect.poll(() => chief.hears(UNIT)).toBeGreaterThan(HEARD)
    expect(officer.shown().present).toEqual([])

    await chief.act.end()
    await expect.poll(() => unitHears(OFFICER)).toBeGreaterThan(0.9)
    await expect.poll(journalled).toMatchObject([
      {
        kind: 'supervision.begun',
        actor: { account: 'supervisor' },
        data: { act: 'listen', reason: 'training' },
      },
      { kind: 'supervision.changed', data: { act: 'whisper' } },
      { kind: 'supervision.changed', data: { act: 'barge' } },
      { kind: 'supervision.changed', data: { act: 'listen' } },
      { kind: 'supervision.ended', data: { how: 'ended' } },
    ])
  })

  it('is known to the officer from the beginning where the site says so, and out when the call is over', async () => {
    const { officer, chief } = await begin({ tellsOfListening: true })
    await talking(officer)
    await chief.act.begin({ ...(await shownTo(chief, 'talking')), mode: 'listen', reason: 'training' })
    await expect.poll(() => officer.shown().present).toMatchObject([{ mode: 'listen' }])
    exchange.phone(UNIT_NUMBER).hangUp()
    await expect.poll(() => chief.shown().own).toBeNull()
    expect(chief.shown().notes).toMatchObject([
      { kind: 'supervision-over', how: 'call-over', number: UNIT_NUMBER },
    ])
    expect(officer.shown().present).toEqual([])
  })

  it('has their own conversation held when they barge in, and is silent there while they talk here', async () => {
    const { officer, chief } = await begin()
    await talking(officer)
    exchange.callIn({ from: CALLER, to: '8000', clip: 'citizen-tone' })
    await expect.poll(() => chief.calls().map(({ state }) => state)).toEqual(['waiting'])
    await chief.board.answer(null)
    await chief.act.begin({ ...(await shownTo(chief, 'talking')), mode: 'barge', reason: 'help' })
    await expect.poll(() => chief.calls().map(({ state }) => state)).toEqual(['held'])
    await expect.poll(() => unitHears(CHIEF)).toBeGreaterThan(HEARD)
    const [own] = chief.calls()
    await chief.board.resume(own?.id ?? '')
    await expect.poll(() => unitHears(CHIEF)).toBeLessThan(UNHEARD)
    expect(chief.shown().own).toMatchObject({ mode: 'barge', elsewhere: true })
  })

  it.each(['officer', 'chief'] as const)(
    'is out of the call at once when the link of the %s is lost, and the call goes on',
    async (side) => {
      const seats = await begin()
      const { officer, chief } = seats
      await talking(officer)
      await chief.act.begin({ ...(await shownTo(chief, 'talking')), mode: 'barge', reason: 'help' })
      await expect.poll(() => Math.min(unitHears(CHIEF), chief.hears(UNIT))).toBeGreaterThan(HEARD)
      await seats[side].cut()
      await expect.poll(() => unitHears(CHIEF)).toBeLessThan(UNHEARD)
      await expect.poll(() => chief.hears(UNIT)).toBe(0)
      expect(officer.calls().map(({ state }) => state)).toEqual(['talking'])
      await expect.poll(() => [officer.shown().present, chief.shown().own]).toEqual([[], null])
      await expect.poll(() => unitHears(OFFICER)).toBeGreaterThan(0.9)
    },
  )

  it('releases a call, and its officer is told who did it and why', async () => {
    const { officer, chief } = await begin()
    await talking(officer)
    await chief.act.release({ ...(await shownTo(chief, 'talking')), reason: 'the line is needed' })
    await expect.poll(() => officer.calls()).toEqual([])
    expect(officer.shown().notes).toMatchObject([
      { kind: 'released', number: UNIT_NUMBER, by: { zh: '带班长' }, reason: 'the line is needed' },
    ])
  })

  it('may do nothing without the right to it', async () => {
    const { officer, chief } = await begin()
    await talking(officer)
    const there = await shownTo(chief, 'talking')
    const stranger = await openHubSeat(onTestFinished, hub, 'fire-officer', CHIEF)
    await expect.poll(() => stranger.shown().seats).toEqual([])
    const begun = stranger.act.begin({ ...there, mode: 'listen', reason: 'curious' })
    await expect(begun).rejects.toBeInstanceOf(Refusal)
    expect(await journalled()).toEqual([])
  })
})

describe('a caller who waits at another seat', () => {
  it('is picked up, by one who else is not to be disturbed, and the officer there talks on', async () => {
    const { officer, chief } = await begin()
    await talking(officer)
    const caller = exchange.callIn({ from: CALLER, to: '110', clip: 'citizen-tone' })
    chief.board.setDoNotDisturb(true)
    await chief.act.pickUp(await shownTo(chief, 'waiting'))
    await expect.poll(() => chief.calls()).toMatchObject([{ number: CALLER, state: 'talking' }])
    await expect.poll(() => chief.hears(CITIZEN)).toBeGreaterThan(0.9)
    expect(officer.calls()).toMatchObject([{ number: UNIT_NUMBER, state: 'talking' }])
    // Nobody talks to a caller who is only sent on.
    expect(shareOf(OFFICER, caller.heard()?.samples ?? new Int16Array())).toBeLessThan(UNHEARD)
    await expect.poll(() => officer.hears(UNIT)).toBeGreaterThan(0.9)
    expect(officer.shown().notes).toMatchObject([{ kind: 'picked-up', number: CALLER, by: { zh: '带班长' } }])
    const [picked] = officer.board.state.value.history
    expect(picked).toMatchObject({ number: CALLER, end: { why: 'forwarded' } })
    await expect.poll(journalled).toMatchObject([
      {
        kind: 'supervision.begun',
        data: { act: 'pick-up', account: 'north-officer', call: { number: CALLER } },
      },
      { kind: 'supervision.ended', data: { how: 'done' } },
    ])
  })

  it('is on hold where they were when the other seat does not take them, and both are told', async () => {
    const { officer, chief } = await begin()
    await talking(officer)
    exchange.callIn({ from: CALLER, to: '110', clip: 'citizen-tone' })
    const there = await shownTo(chief, 'waiting')
    // The seat expects nobody, and wants nobody.
    chief.board.setDoNotDisturb(true)
    const asked = chief.hub.supervision.pickUp.mutate({ ...there, lines: ['line-8000'] })
    expect((await refusalOf(asked)).code).toBe('exchange-refused')
    await expect
      .poll(() => officer.calls())
      .toMatchObject([
        { number: UNIT_NUMBER, state: 'talking' },
        { number: CALLER, state: 'held' },
      ])
    expect(officer.shown().notes).toMatchObject([{ kind: 'pick-up-failed', number: CALLER }])
    const [, caller] = officer.calls()
    await officer.board.resume(caller?.id ?? '')
    await expect.poll(() => officer.hears(CITIZEN)).toBeGreaterThan(0.9)
  })
})
