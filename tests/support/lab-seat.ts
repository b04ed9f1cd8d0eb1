/** A seat's telephone over real SIP and RTP, with the lab's exchange and its phones, which share no code with it. */
import { expect, onTestFinished } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import { emptyState, fold, type SharedState } from '../../contract/state.ts'
import type { Call, TelephoneLine } from '../../contract/telephony.ts'
import { planImport } from '../../hub/directory/import.ts'
import { type Exchange, openExchange } from '../../lab/exchange/exchange.ts'
import { encode } from '../../main/engine/media/g711.ts'
import { PlayerLeg } from '../../main/engine/media/player-leg.ts'
import { openCallVoice } from '../../main/engine/telephony/call-voice.ts'
import { type Desk, openDesk } from '../../main/engine/telephony/desk.ts'
import { openLine } from '../../main/engine/telephony/line.ts'
import {
  openTelephone,
  type Switchboard,
  type TelephoneOptions,
} from '../../main/engine/telephony/telephone.ts'
import { openEar } from './ear.ts'
import { documentOf, smallCity, smallCityWith } from './site.ts'
import { loudness, shareOf, sine } from './tone.ts'

const DOMAIN = 'exercise.invalid'
const PASSWORD = 'password-of-a-line'
/** What the officer's microphone hears, what phones say, and what citizens say, Hz. */
export const OFFICER = 1000
export const PHONE = 400
export const CITIZEN = 700
/** Phones that answer, one that rings where nobody is, and one that is busy. */
export const PHONE_NUMBER = '60001'
export const OTHER_PHONE = '60002'
export const AWAY = '60003'
export const BUSY = '60004'
/** Its telephones: one that is busy, one where nobody is, and one that answers. */
export const SECOND_UNIT = smallCity.units[1].id

export interface LabSeat {
  readonly board: Switchboard
  readonly desk: Pick<Desk, 'admit'>
  readonly exchange: Exchange
  /** Who sits there, and what the hub says. */
  readonly account: string
  readonly shared: SharedState
  readonly recorded: Command[]
  /** The last half second of what the officer heard. */
  heardHere(): Int16Array
  /** How much of what the phone hears now is at this frequency, 0 to 1; 0 where it hears nothing. */
  heardBy(number: string, frequency: number): number
  call(id: string): Call | undefined
  waiting(): readonly Call[]
  /** Until the call is in that state. */
  until(id: string, state: Call['state']): Promise<void>
  /** Until it talks. */
  dialled(number: string): Promise<string>
}

/** An exchange, and a seat that has registered these lines; both end with the test. */
export async function openLabSeat(
  lines: readonly Partial<TelephoneLine>[] = [{}],
  limits: NonNullable<TelephoneOptions<never>['limits']> = {},
): Promise<LabSeat> {
  const exchange = await openExchange({
    host: '127.0.0.1',
    domain: DOMAIN,
    accounts: ['8001', '8002'].map((number) => ({ number, password: PASSWORD })),
    phones: [PHONE_NUMBER, OTHER_PHONE, AWAY, BUSY],
    groups: { '110': ['8001'], '119': ['8002'] },
    temperament: (number) =>
      number === AWAY
        ? { kind: 'away' }
        : number === BUSY
          ? { kind: 'busy' }
          : { kind: 'answers', afterMs: 50, talksForMs: 120_000 },
    clips: new Map([
      ['unit-tone', encode('PCMU', sine(PHONE, 80_000))],
      ['citizen-tone', encode('PCMU', sine(CITIZEN, 80_000))],
    ]),
  })
  const recorded: Command[] = []
  let heard = new Int16Array(4_000)
  const ear = openEar()
  const microphone = new PlayerLeg({ samples: sine(OFFICER, 8_000), loop: true })
  const desk = openDesk({
    openConsoleLeg: () => ({
      open: false,
      send: (packet) => {
        const sound = ear(packet)
        heard = Int16Array.from([...heard.subarray(sound.length), ...sound])
      },
      onVoice: (listener) => microphone.onVoice(listener),
      close: () => undefined,
    }),
  })
  const board = openTelephone({
    clock: Date.now,
    limits,
    ledger: { keep: () => undefined, strike: () => undefined },
    headset: desk,
    lines: {
      readPassword: async () => PASSWORD,
      openLine: (options) => openLine({ ...options, openMedia: (server) => openCallVoice(server, false) }),
    },
    submit: async (_account, command) => recorded.push(command),
    claim: async () => undefined,
    onTrouble: (what, error) => {
      throw new Error(`${what}: ${error}`)
    },
  })
  onTestFinished(async () => {
    microphone.close()
    await board.close()
    await exchange.close()
  })
  const [north, south, ...others] = smallCity.units
  const own = lines.map((line, at) => ({ id: `line-${at}`, exchange: 'main', number: '8001', ...line }))
  const document = documentOf({
    ...smallCityWith({
      units: [
        { ...north, terminals: [{ kind: 'sip', number: PHONE_NUMBER }] },
        { ...south, terminals: [BUSY, AWAY, OTHER_PHONE].map((number) => ({ kind: 'sip', number })) },
        ...others,
      ],
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
  const shared = fold(emptyState, planImport(emptyState, document))
  board.sit('admin', shared)
  await expect
    .poll(() => board.state.value.lines.map(({ state }) => state))
    .toEqual(own.map(() => 'registered'))

  const call = (id: string) => board.state.value.calls.find((one) => one.id === id)
  const until = (id: string, state: Call['state']) => expect.poll(() => call(id)?.state).toBe(state)
  return {
    board,
    desk,
    exchange,
    account: 'admin',
    shared,
    recorded,
    heardHere: () => heard,
    heardBy: (number, frequency) => {
      const samples = exchange.phone(number).heard()?.samples ?? new Int16Array()
      return loudness(samples) < 0.01 ? 0 : shareOf(frequency, samples)
    },
    call,
    until,
    waiting: () => board.state.value.calls.filter(({ state }) => state === 'waiting'),
    dialled: async (number) => {
      const id = board.dial({ number })
      await until(id, 'talking')
      return id
    },
  }
}
