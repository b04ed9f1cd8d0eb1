/** Messages to and from telephones at a hub, as seats on its wire ask for them and tell of them. */
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import { MESSAGES_KEPT } from '../../contract/threads.ts'
import { startTestHub } from '../support/hub.ts'
import { cityWithCrews } from '../support/incidents.ts'
import { refusalOf, type TestSeat, takeSeat } from '../support/seat.ts'

const UNIT = 'south-patrol'
const thread = { kind: 'unit', unit: UNIT } as const
const line = (id: string) => ({ id, exchange: 'main', number: '8000' })

let seats: readonly TestSeat[]
let watching: ReturnType<TestSeat['watchState']>

beforeEach(async () => {
  const hub = await startTestHub(onTestFinished, {
    site: {
      ...cityWithCrews,
      accounts: (cityWithCrews.accounts as readonly { readonly id: string }[]).map((account) =>
        account.id === 'second-supervisor' ? { ...account, lines: [line('second-line')] } : account,
      ),
    },
  })
  seats = await Promise.all(
    ['supervisor', 'second-supervisor'].map((account) => takeSeat(onTestFinished, hub.url, account)),
  )
  watching = (await takeSeat(onTestFinished, hub.url, 'supervisor')).watchState()
})

const here = () => watching.state()?.threads[`unit/${UNIT}`]
const does = (seat: TestSeat | undefined, command: Command) => {
  if (seat === undefined) throw new Error('it is there')
  return seat.client.submit.mutate({ key: randomUUID(), command })
}
const write = async () => {
  const id = randomUUID()
  await does(seats[0], { kind: 'message.send', id, thread, text: '请回话', place: null })
  return id
}

describe('a hub that many seats ask at once', () => {
  it('has one of them carry a message, and hears of it from that one alone', async () => {
    const message = await write()
    const attempts = [randomUUID(), randomUUID()]
    const what = { thread, message, unit: UNIT } as const
    const answers = await Promise.allSettled(
      seats.map((seat, at) =>
        does(seat, { kind: 'message.carry', ...what, attempt: attempts[at] ?? '', again: false }),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const first = answers.findIndex(({ status }) => status === 'fulfilled')
    const report = (attempt = ''): Command => ({
      kind: 'message.report',
      ...what,
      attempt,
      outcome: { state: 'carried', number: '82001', status: 200 },
    })
    for (const attempt of attempts)
      expect(await refusalOf(does(seats[1 - first], report(attempt)))).toMatchObject({ code: 'not-found' })
    await does(seats[first], report(attempts[first]))
    await expect
      .poll(() => here()?.deliveries?.[message]?.[UNIT])
      .toMatchObject({ attempt: attempts[first], outcome: { state: 'carried' } })
  })

  it('takes a text in once, whoever brings it, and knows it when fifty more have been said', async () => {
    const text: Command = {
      kind: 'message.take-in',
      id: randomUUID(),
      unit: UNIT,
      number: '82001',
      text: '收到',
    }
    await Promise.all(seats.map((seat) => does(seat, text)))
    for (let at = 0; at < MESSAGES_KEPT; at++) await write()
    await does(seats[1], text)
    await write()
    await expect.poll(() => here()?.count).toBe(MESSAGES_KEPT + 2)
  })
})
