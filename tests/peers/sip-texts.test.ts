/** Messages between an officer and a unit that has a telephone and nothing else: a hub, seats, Kamailio and baresip. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ExchangeServer } from '../../contract/telephony.ts'
import { startBaresip } from '../support/baresip.ts'
import { startTestHub } from '../support/hub.ts'
import { openHubSeat } from '../support/hub-seat.ts'
import { startKamailio } from '../support/kamailio.ts'
import { takeSeat } from '../support/seat.ts'
import { openTestSip } from '../support/sip-line.ts'
import { receiveStatus, request, startSipp } from '../support/sipp.ts'
import { smallCity, smallCityWith } from '../support/site.ts'

const UNIT = 'south-patrol'
const TELEPHONE = '82001'
const DESK = '8001'
const OTHER_DESK = '8002'
const thread = { kind: 'unit', unit: UNIT } as const
const users = {
  [DESK]: 'password-of-the-desk',
  [OTHER_DESK]: 'password-of-another-desk',
  [TELEPHONE]: 'password-of-the-unit',
  citizen: 'password-of-a-citizen',
}
const patience = { timeout: 20_000, interval: 20 }
const MICROPHONE = 1_000

const line = (number: keyof typeof users) => ({
  id: `line-${number}`,
  exchange: 'main',
  number,
  password: users[number],
})

/** `transport`: how the seats are at the exchange. */
async function city(transport: ExchangeServer['transport'] = 'udp') {
  const kamailio = await startKamailio(onTestFinished, { users })
  const hub = await startTestHub(onTestFinished, {
    site: {
      ...smallCityWith({
        exchanges: [
          { id: 'main', name: 'Main', domain: kamailio.domain, servers: [kamailio.server(transport)] },
        ],
        units: smallCity.units.map((unit) =>
          unit.id === UNIT
            ? { ...unit, terminals: [TELEPHONE, 'sipp'].map((number) => ({ kind: 'sip', number })) }
            : unit,
        ),
        accounts: smallCity.accounts.map((account) =>
          account.id === 'supervisor'
            ? { ...account, lines: [line(DESK)] }
            : account.id === 'admin'
              ? { ...account, role: 'shift-supervisor', lines: [line(OTHER_DESK)] }
              : account,
        ),
      }),
    },
  })
  const watching = (await takeSeat(onTestFinished, hub.url, 'admin')).watchState()
  const here = () => watching.state()?.threads[`unit/${UNIT}`]
  return {
    kamailio,
    sit: (account = 'supervisor') => openHubSeat(onTestFinished, hub, account, MICROPHONE),
    phone: (writesTo: string = DESK) =>
      startBaresip(onTestFinished, {
        user: TELEPHONE,
        password: users[TELEPHONE],
        domain: kamailio.domain,
        exchange: kamailio.server('udp').port,
        writesTo: `sip:${writesTo}@${kamailio.domain}`,
      }),
    /** As another officer sees them. */
    said: () => here()?.messages.map(({ text, from }) => ({ text, from: from?.number ?? null })),
    outcome: (message: string) => here()?.deliveries?.[message]?.[UNIT]?.outcome,
  }
}
type City = Awaited<ReturnType<typeof city>>

async function written(seat: Awaited<ReturnType<City['sit']>>, text: string): Promise<string> {
  const id = randomUUID()
  const command = { kind: 'message.send', id, thread, text, place: null } as const
  await seat.hub.submit.mutate({ key: randomUUID(), command })
  return id
}

describe('a message to a unit with a telephone', () => {
  it('is carried there by the seat of who wrote it, and what is written back is in the thread', async () => {
    const { sit, phone, said, outcome } = await city()
    const [seat, baresip] = await Promise.all([sit(), phone()])
    const message = await written(seat, '三号车请回话')
    await vi.waitFor(
      () => expect(outcome(message)).toEqual({ state: 'carried', number: TELEPHONE, status: 200 }),
      patience,
    )
    expect(baresip.said()).toContain('三号车请回话')
    baresip.tell('message', 'at the gate')
    await vi.waitFor(
      () =>
        expect(said()).toEqual([
          { text: '三号车请回话', from: null },
          { text: 'at the gate', from: TELEPHONE },
        ]),
      patience,
    )
    await vi.waitFor(
      () => expect(baresip.said()).toMatch(/SIP\/2\.0 200 OK[\s\S]*CSeq: \d+ MESSAGE/),
      patience,
    )
  })

  it('that its exchange refuses is shown with why, and is carried when another officer sends it again', async () => {
    const { sit, phone, outcome } = await city()
    const [seat, other] = await Promise.all([sit(), sit('admin')])
    const message = await written(seat, '请回话')
    await vi.waitFor(
      () =>
        expect(outcome(message)).toEqual({
          state: 'refused',
          // The last of its numbers.
          number: 'sipp',
          status: 404,
          said: 'Not Found',
        }),
      patience,
    )
    const baresip = await phone()
    await other.board.carryMessage({ thread, message, unit: UNIT })
    await vi.waitFor(() => expect(outcome(message)).toMatchObject({ state: 'carried' }), patience)
    expect(baresip.said()).toContain('请回话')
    await expect(seat.board.carryMessage({ thread, message, unit: UNIT })).rejects.toMatchObject({
      code: 'already-carried',
    })
  })

  it('that is too long for a datagram is not sent over UDP, and is over TCP', async () => {
    const long = '报告现场情况'.repeat(100)
    const overUdp = await city()
    const message = await written(await overUdp.sit(), long)
    await vi.waitFor(
      () => expect(overUdp.outcome(message)).toMatchObject({ state: 'too-long', most: 1_300 }),
      patience,
    )
    const overTcp = await city('tcp')
    const unit = openTestSip(onTestFinished, {
      user: TELEPHONE,
      password: users[TELEPHONE],
      server: overTcp.kamailio.server('tcp'),
    })
    await unit.port.register()
    const second = await written(await overTcp.sit(), long)
    await vi.waitFor(() => expect(overTcp.outcome(second)).toMatchObject({ state: 'carried' }), patience)
    expect(unit.messages.map(({ text }) => text)).toEqual([long])
  })
})

describe('a message from a unit’s telephone', () => {
  it('is in the thread once, though it is forked to two seats of a line', async () => {
    const { sit, phone, said, kamailio } = await city()
    const [baresip] = await Promise.all([phone(), sit(), sit()])
    expect(await kamailio.bindings(DESK)).toHaveLength(2)
    baresip.tell('message', 'on our way')
    await vi.waitFor(() => expect(said()).toEqual([{ text: 'on our way', from: TELEPHONE }]), patience)
    baresip.tell('message', 'there')
    await vi.waitFor(() => expect(said()?.map(({ text }) => text)).toEqual(['on our way', 'there']), patience)
  })

  it('is in the thread once, though it comes again because the answer to it was lost', async () => {
    const { sit, said, kamailio } = await city()
    await sit()
    const [address = ''] = await kamailio.bindings(DESK)
    const message = request('MESSAGE', 1, {
      user: DESK,
      body: 'on our way',
      type: 'Content-Type: text/plain',
      branch: 'z9hG4bK-the-same',
    })
    const steps = [message, receiveStatus(200), message, receiveStatus(200)]
    const sipp = await startSipp(
      onTestFinished,
      steps,
      Number(/:(\d+)/.exec(address.split('@')[1] ?? '')?.[1]),
    )
    await sipp.done
    await vi.waitFor(() => expect(said()).toEqual([{ text: 'on our way', from: 'sipp' }]), patience)
  })

  it('is nobody else’s: who is no unit’s telephone is told that it is not taken', async () => {
    const { sit, said, kamailio } = await city()
    await sit()
    const citizen = openTestSip(onTestFinished, {
      user: 'citizen',
      password: users.citizen,
      server: kamailio.server('udp'),
    })
    await expect(citizen.port.sendMessage(DESK, '我看见了')).rejects.toMatchObject({ code: 403 })
    expect(said()).toBeUndefined()
  })
})
