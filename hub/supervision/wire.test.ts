/** What seats get of it over the wire, whatever they ask. */
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { BoardSeat, SeatCall, SeatOrder } from '../../contract/supervision.ts'
import { startTestHub, type TestHub } from '../../tests/support/hub.ts'
import { openSeat, refusalOf, type TestSeat, takeSeat } from '../../tests/support/seat.ts'
import { PASSWORD, smallCity, smallCityWith } from '../../tests/support/site.ts'

const CALL = 'b3e1f1a0-0000-4000-8000-000000000001'
const CALLER = '13900004711'
const VOICE = 'v=0\r\nm=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n'

let hub: TestHub
beforeEach(async () => {
  const grant = { capabilities: ['listen'], scope: { kind: 'agency', agency: 'fire' } }
  hub = await startTestHub(onTestFinished, {
    site: smallCityWith({
      accounts: [
        ...smallCity.accounts,
        { id: 'city-officer', name: '市级值班员', role: 'duty-officer', password: PASSWORD },
      ],
      grants: [{ id: 'elsewhere', subject: { kind: 'account', account: 'guest' }, ...grant }],
    }),
  })
})

describe('over the wire', () => {
  it('a supervisor listens to the call of an officer, and both hear of its end', async () => {
    const officer = await sitDown('north-officer', [talking])
    const chief = await sitDown('supervisor')
    await vi.waitFor(() => expect(chief.board()).toMatchObject([{ calls: [{ id: CALL, number: CALLER }] }]))
    const begun = chief.client.supervision.supervise.mutate({
      ...officer.asked,
      mode: 'listen',
      offer: VOICE,
    })
    const { id } = await officer.next('admit')
    await officer.client.supervision.reply.mutate({ kind: 'done', id, voice: VOICE })
    expect(await begun).toEqual({ id, answer: VOICE })
    await chief.client.supervision.endAct.mutate({ id })
    expect(await officer.next('end')).toMatchObject({ id, how: 'ended' })
    expect(await chief.next('end')).toMatchObject({ id, how: 'ended' })
  })

  it.each(['guest', 'fire-officer', 'admin'])(
    '%s, who may do nothing about the seat, hears nothing of it and is refused as if it were not there',
    async (account) => {
      const officer = await sitDown('north-officer', [{ ...talking, state: 'waiting' }])
      const nosy = await sitDown(account)
      const { supervision } = nosy.client
      const about = { seat: officer.seat, call: CALL }
      const asked = [
        () => supervision.supervise.mutate({ ...officer.asked, mode: 'listen', offer: VOICE }),
        () => supervision.supervise.mutate({ ...officer.asked, mode: 'whisper', offer: VOICE }),
        () => supervision.supervise.mutate({ ...officer.asked, mode: 'barge', offer: VOICE }),
        () => supervision.release.mutate({ ...about, reason: 'because' }),
        () => supervision.pickUp.mutate({ ...about, lines: [] }),
      ]
      const asNobody = { code: 'not-found', particulars: { what: 'seat', id: officer.seat } }
      for (const ask of asked) expect(await refusalOf(ask())).toEqual(asNobody)
      await vi.waitFor(() => expect(nosy.board()).toEqual([]))
      expect(nosy.bytes().includes(CALLER)).toBe(false)
      expect(nosy.bytes().includes('north-officer')).toBe(account === 'admin')
      expect(officer.orders).toHaveLength(1)
      expect((await hub.journal.read(0, 1000)).some(({ kind }) => kind.startsWith('supervision.'))).toBe(
        false,
      )
    },
  )

  it('a colleague sees and may pick up what waits, and nothing else', async () => {
    const officer = await sitDown('north-officer', [talking])
    const colleague = await sitDown('city-officer')
    await vi.waitFor(() => expect(colleague.board()).toMatchObject([{ account: 'north-officer', calls: [] }]))
    const { supervision } = colleague.client
    const listening = supervision.supervise.mutate({ ...officer.asked, mode: 'listen', offer: VOICE })
    expect(await refusalOf(listening)).toEqual({ code: 'forbidden', particulars: { capability: 'listen' } })
    expect(colleague.bytes().includes(CALLER)).toBe(false)
    await officer.tell([{ ...talking, state: 'waiting' }])
    await vi.waitFor(() => expect(colleague.board()).toMatchObject([{ calls: [{ acts: ['pick-up'] }] }]))
  })

  it('an act without a reason, with voice that is not protected or with anything else amiss is refused', async () => {
    const officer = await sitDown('north-officer', [talking])
    const { client } = await sitDown('supervisor')
    const whole = { ...officer.asked, mode: 'listen' as const, offer: VOICE }
    const wrong = [
      { ...whole, reason: '' },
      { ...whole, reason: 'x'.repeat(201) },
      { ...whole, offer: VOICE.replace('SAVP', 'AVP') },
      { ...whole, offer: 'rubbish' },
      { ...whole, mode: 'release' as never },
      { ...whole, account: 'admin' },
    ]
    for (const asked of wrong)
      expect(await refusalOf(client.supervision.supervise.mutate(asked))).toMatchObject({ code: 'invalid' })
    const release = client.supervision.release.mutate({ seat: officer.seat, call: CALL, reason: ' ' })
    expect(await refusalOf(release)).toMatchObject({ code: 'invalid' })
    expect(officer.orders).toHaveLength(1)
  })

  it('nobody asks who is not signed in, or does not attend', async () => {
    const officer = await sitDown('north-officer', [talking])
    const stranger = openSeat(onTestFinished, hub.url)
    const asked = { ...officer.asked, mode: 'listen' as const, offer: VOICE }
    expect((await refusalOf(stranger.client.supervision.supervise.mutate(asked))).code).toBe('not-signed-in')
    const absent = await takeSeat(onTestFinished, hub.url, 'supervisor')
    expect((await refusalOf(absent.client.supervision.supervise.mutate(asked))).code).toBe('seat-unreachable')
  })

  it.each([
    ['its connection is lost', (seat: TestSeat) => seat.close()],
    ['its officer signs out', (seat: TestSeat) => seat.client.signOut.mutate()],
  ])('a seat is forgotten when %s, and what it took part in has ended', async (_how, go) => {
    const officer = await sitDown('north-officer', [talking])
    const chief = await sitDown('supervisor')
    const other = await sitDown('supervisor')
    const begun = chief.client.supervision.supervise.mutate({ ...officer.asked, mode: 'barge', offer: VOICE })
    const { id } = await officer.next('admit')
    await officer.client.supervision.reply.mutate({ kind: 'done', id, voice: VOICE })
    await begun
    await go(chief)
    expect(await officer.next('end')).toMatchObject({ id, how: 'asker-gone' })
    await vi.waitFor(() => expect(other.board()?.map(({ account }) => account)).toEqual(['north-officer']))
    await vi.waitFor(async () =>
      expect((await hub.journal.read(0, 1000)).at(-1)).toMatchObject({
        kind: 'supervision.ended',
        data: { id, how: 'asker-gone' },
      }),
    )
    expect(officer.bytes().includes('supervision.')).toBe(false)
  })

  it('a hub that stops ends what goes on', async () => {
    const officer = await sitDown('north-officer', [talking])
    const chief = await sitDown('supervisor')
    void chief.client.supervision.supervise
      .mutate({ ...officer.asked, mode: 'barge', offer: VOICE })
      .catch(() => undefined)
    await officer.next('admit')
    await hub.close()
    const { journal } = await startTestHub(onTestFinished, { folder: hub.folder })
    const kinds = (await journal.read(0, 1000)).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind.startsWith('supervision.'))).toEqual([
      'supervision.begun',
      'supervision.ended',
    ])
  })
})

const talking: SeatCall = {
  id: CALL,
  line: 'north-line',
  direction: 'in',
  number: CALLER,
  unit: null,
  state: 'talking',
  since: 0,
  priority: false,
  conference: null,
}

/** A seat that attends, has these calls, and watches the board and its state. */
async function sitDown(account: string, calls: readonly SeatCall[] = []) {
  const seat = await takeSeat(onTestFinished, hub.url, account)
  const orders: SeatOrder[] = []
  let board: readonly BoardSeat[] | undefined
  seat.watchState()
  seat.client.supervision.attend.subscribe(undefined, { onData: (order) => orders.push(order as SeatOrder) })
  seat.client.supervision.watchBoard.subscribe(undefined, {
    onData: (next) => {
      board = next as readonly BoardSeat[]
    },
  })
  const next = <K extends SeatOrder['kind']>(kind: K) =>
    vi.waitFor(() => {
      const found = orders.findLast((order): order is Extract<SeatOrder, { kind: K }> => order.kind === kind)
      if (found === undefined) throw new Error(`no order to ${kind}`)
      return found
    })
  const { seat: name } = await next('attending')
  const tell = (now: readonly SeatCall[]) =>
    seat.client.supervision.tellCalls.mutate({ seat: name, calls: [...now] })
  await tell(calls)
  return {
    ...seat,
    seat: name,
    orders,
    next,
    tell,
    board: () => board,
    asked: { seat: name, call: CALL, reason: 'training' },
  }
}
