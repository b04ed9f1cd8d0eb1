/** The seat's telephone over real SIP and RTP, with the lab's exchange and its phones, which share no code with it. */
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import { emptyState, fold } from '../../contract/state.ts'
import type { TelephoneLine } from '../../contract/telephony.ts'
import { planImport } from '../../hub/directory/import.ts'
import { type Exchange, openExchange } from '../../lab/exchange/exchange.ts'
import { decode, encode } from '../../main/engine/media/g711.ts'
import { PlayerLeg } from '../../main/engine/media/player-leg.ts'
import { openCallVoice } from '../../main/engine/telephony/call-voice.ts'
import { openDesk } from '../../main/engine/telephony/desk.ts'
import { openLine } from '../../main/engine/telephony/line.ts'
import { openTelephone, type Switchboard } from '../../main/engine/telephony/telephone.ts'
import { documentOf, smallCity, smallCityWith } from '../support/site.ts'
import { loudness, shareOf, sine } from '../support/tone.ts'

const DOMAIN = 'exercise.invalid'
const PASSWORD = 'password-of-a-line'
/** What the officer's microphone hears, what phones say, and what citizens say, Hz. */
const OFFICER = 1000
const PHONE = 400
const CITIZEN = 700
const OTHER_PHONE = '60002'
const PHONE_NUMBER = '60001'
/** Rings, and nobody is there. */
const AWAY = '60003'
/** Call-progress tones in China. */
const PROGRESS = 450

let exchange: Exchange
let board: Switchboard
let recorded: Command[]
/** The last half second of what the officer heard. */
let heardHere: Int16Array
afterEach(async () => {
  await board?.close()
  await exchange?.close()
})

/** An exchange, and a seat with these lines. */
async function begin(lines: readonly Partial<TelephoneLine>[] = [{}]): Promise<void> {
  exchange = await openExchange({
    host: '127.0.0.1',
    domain: DOMAIN,
    accounts: ['8001', '8002'].map((number) => ({ number, password: PASSWORD })),
    phones: [PHONE_NUMBER, OTHER_PHONE, AWAY],
    groups: { '110': ['8001'], '119': ['8002'] },
    temperament: (number) =>
      number === AWAY ? { kind: 'away' } : { kind: 'answers', afterMs: 50, talksForMs: 120_000 },
    clips: new Map([
      ['unit-tone', encode('PCMU', sine(PHONE, 80_000))],
      ['citizen-tone', encode('PCMU', sine(CITIZEN, 80_000))],
    ]),
  })
  recorded = []
  heardHere = new Int16Array(4_000)
  const microphone = new PlayerLeg({ samples: sine(OFFICER, 8_000), loop: true })
  onTestFinished(() => microphone.close())
  board = openTelephone({
    clock: Date.now,
    headset: openDesk({
      openConsoleLeg: () => ({
        open: false,
        send: ({ codec, payload }) => {
          heardHere = Int16Array.from([...heardHere.subarray(payload.length), ...decode(codec, payload)])
        },
        onVoice: (listener) => microphone.onVoice(listener),
        close: () => undefined,
      }),
    }),
    lines: {
      readPassword: async () => PASSWORD,
      openLine: (options) => openLine({ ...options, openMedia: (server) => openCallVoice(server, false) }),
    },
    submit: async (_account, command) => recorded.push(command),
    onTrouble: (what, error) => {
      throw new Error(`${what}: ${error}`)
    },
  })
  const [north, ...others] = smallCity.units
  const own = lines.map((line, at) => ({ id: `line-${at}`, exchange: 'main', number: '8001', ...line }))
  const document = documentOf({
    ...smallCityWith({
      units: [{ ...north, terminals: [{ kind: 'sip', number: PHONE_NUMBER }] }, ...others],
      accounts: smallCity.accounts.map((account) =>
        account.id === 'admin' ? { ...account, lines: own } : account,
      ),
    }),
    exchanges: [
      {
        id: 'main',
        name: 'Main',
        domain: DOMAIN,
        servers: [{ transport: 'udp', host: exchange.host, port: exchange.port }],
      },
    ],
  })
  board.sit('admin', fold(emptyState, planImport(emptyState, document)))
  await expect
    .poll(() => board.state.value.lines.map(({ state }) => state))
    .toEqual(own.map(() => 'registered'))
}

const call = (id: string) => board.state.value.calls.find((one) => one.id === id)
const until = (id: string, state: string) => expect.poll(() => call(id)?.state).toBe(state)
const waiting = () => board.state.value.calls.filter(({ state }) => state === 'waiting')
const dialled = async (number: string) => {
  const id = board.dial({ number })
  await until(id, 'talking')
  return id
}
/** How much of what the phone hears now is at this frequency, 0 to 1; 0 where it hears nothing. */
const heardBy = (number: string, frequency: number) => {
  const samples = exchange.phone(number).heard()?.samples ?? new Int16Array()
  return loudness(samples) < 0.01 ? 0 : shareOf(frequency, samples)
}

describe('the telephone of a seat', () => {
  it('calls a unit by its number, and its phone hears the officer', async () => {
    await begin()
    const id = board.dial({ unit: 'north-patrol' })
    await until(id, 'talking')
    expect(call(id)).toMatchObject({ direction: 'out', number: PHONE_NUMBER, unit: 'north-patrol' })
    await expect.poll(() => heardBy(PHONE_NUMBER, OFFICER)).toBeGreaterThan(0.9)
    await expect.poll(() => call(id)?.quality?.mos).toBeGreaterThan(4)
  })

  it('lets the officer hear that it rings there, then the other side, then why nothing came of it', async () => {
    await begin()
    const away = board.dial({ number: AWAY })
    await until(away, 'ringing')
    await expect.poll(() => shareOf(PROGRESS, heardHere)).toBeGreaterThan(0.9)
    board.hangUp(away)
    await until(away, 'ended')
    await dialled(PHONE_NUMBER)
    await expect.poll(() => shareOf(PHONE, heardHere)).toBeGreaterThan(0.9)
    for (const { id, state } of board.state.value.calls) if (state === 'talking') board.hangUp(id)
    board.dial({ number: '99999' })
    // A tenth of a second on, a tenth off.
    await expect.poll(() => shareOf(PROGRESS, heardHere)).toBeGreaterThan(0.3)
  })

  it('says nothing into a call that is muted, and goes on afterwards', async () => {
    await begin()
    const id = await dialled(PHONE_NUMBER)
    await expect.poll(() => heardBy(PHONE_NUMBER, OFFICER)).toBeGreaterThan(0.9)
    board.mute(id, true)
    await expect.poll(() => heardBy(PHONE_NUMBER, OFFICER)).toBe(0)
    board.mute(id, false)
    await expect.poll(() => heardBy(PHONE_NUMBER, OFFICER)).toBeGreaterThan(0.9)
  })

  it('sends the keys that are pressed', async () => {
    await begin()
    const id = await dialled(PHONE_NUMBER)
    board.sendDtmf(id, '12#')
    await expect.poll(() => exchange.phone(PHONE_NUMBER).heard()?.keys).toBe('12#')
  })

  it('answers who has waited longest, urgent lines first, and holds whom it talks to', async () => {
    await begin([{}, { number: '8002', priority: true }])
    const talkingTo = await dialled(PHONE_NUMBER)
    exchange.callIn({ from: '13900000001', to: '110', clip: 'citizen-tone' })
    await expect.poll(() => waiting().length).toBe(1)
    exchange.callIn({ from: '13900000002', to: '110', clip: 'citizen-tone' })
    await expect.poll(() => waiting().length).toBe(2)
    exchange.callIn({ from: '13900000003', to: '119', clip: 'citizen-tone' })
    await expect.poll(() => waiting().length).toBe(3)
    const answered = async () => {
      await board.answer(null)
      return board.state.value.calls.find(({ state }) => state === 'talking')?.number
    }
    expect(await answered()).toBe('13900000003')
    await until(talkingTo, 'held')
    const heardWhenHeld = exchange.phone(PHONE_NUMBER).heard()?.packets
    expect(await answered()).toBe('13900000001')
    expect(await answered()).toBe('13900000002')
    await expect
      .poll(() => board.state.value.calls.map(({ state }) => state).sort())
      .toEqual(['held', 'held', 'held', 'talking'])
    expect(exchange.phone(PHONE_NUMBER).heard()?.packets).toBe(heardWhenHeld)
  })

  it('brings calls into one conversation, in which each hears the others', async () => {
    await begin()
    const first = await dialled(PHONE_NUMBER)
    const second = await dialled(OTHER_PHONE)
    await until(first, 'held')
    await board.confer([first, second])
    await until(first, 'talking')
    expect(call(first)?.conference).toBe(call(second)?.conference)
    for (const number of [PHONE_NUMBER, OTHER_PHONE]) {
      await expect.poll(() => heardBy(number, OFFICER)).toBeGreaterThan(0.2)
      await expect.poll(() => heardBy(number, PHONE)).toBeGreaterThan(0.2)
    }
    board.hangUp(second)
    await until(second, 'ended')
    await expect.poll(() => call(first)?.conference).toBeNull()
    await expect.poll(() => heardBy(PHONE_NUMBER, OFFICER)).toBeGreaterThan(0.9)
  })

  it('transfers a call to a number, and is out of it', async () => {
    await begin()
    const placed = exchange.callIn({ from: '13900000001', to: '110', clip: 'citizen-tone' })
    await expect.poll(() => waiting().length).toBe(1)
    await board.answer(null)
    const [id] = board.state.value.calls.map((one) => one.id)
    if (id === undefined) throw new Error('there is no call')
    await placed.answered
    await board.transfer(id, OTHER_PHONE)
    await until(id, 'ended')
    await expect.poll(() => heardBy(OTHER_PHONE, CITIZEN)).toBeGreaterThan(0.5)
  })

  it('records every call once it is over, however it ended', async () => {
    await begin()
    const id = await dialled(PHONE_NUMBER)
    board.hangUp(id)
    await until(id, 'ended')
    const none = board.dial({ number: '99999' })
    await until(none, 'ended')
    expect(recorded).toMatchObject([
      { kind: 'call.record', call: { id, number: PHONE_NUMBER, unit: 'north-patrol', end: 'hung-up' } },
      { kind: 'call.record', call: { id: none, answeredAt: null, end: 'not-found', code: 404 } },
    ])
    expect(board.state.value.history.map((one) => one.id)).toEqual([none, id])
  })

  it('ends its calls and lines when the officer leaves', async () => {
    await begin()
    const id = await dialled(PHONE_NUMBER)
    board.sit(null, emptyState)
    await until(id, 'ended')
    await expect.poll(() => exchange.registrations('8001')).toBe(0)
    expect(board.state.value.lines).toEqual([])
    expect(board.state.value.history.map((one) => one.id)).toEqual([id])
    expect(() => board.dial({ number: PHONE_NUMBER })).toThrow('no-line')
    board.sit('north-officer', emptyState)
    expect(board.state.value.history).toEqual([])
  })
})
