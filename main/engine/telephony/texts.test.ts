import { randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import type { Command } from '../../../contract/commands.ts'
import { Refusal } from '../../../contract/refusal.ts'
import { cityWithCrews, newCity } from '../../../tests/support/incidents.ts'
import { SipRefused } from './sip/sip-call.ts'
import { TextTooLong } from './sip/text.ts'
import { Texts } from './texts.ts'

const UNIT = 'south-patrol'
const thread = { kind: 'unit', unit: UNIT } as const
const numbers = ['82001', '82002']

/** The seat of the supervisor at a hub that is a city. `answer`: what an exchange says to a number. */
function seat(answer: (number: string, text: string) => Promise<number> = async () => 200) {
  const city = newCity({
    ...cityWithCrews,
    units: (cityWithCrews.units as readonly { readonly id: string }[]).map((unit) =>
      unit.id === UNIT ? { ...unit, terminals: numbers.map((number) => ({ kind: 'sip', number })) } : unit,
    ),
  })
  const sent: string[] = []
  const troubles: unknown[] = []
  const line = { state: 'registered' }
  const hub: { isThere: boolean; keeps: (command: Command) => void } = {
    isThere: true,
    keeps: (command) => void city.does('supervisor', command),
  }
  const texts = new Texts({
    lines: {
      statuses: () => [line as never],
      sendMessage: async (number, text) => {
        sent.push(`${number} ${text}`)
        return answer(number, text)
      },
    },
    claim: async (command) => {
      if (!hub.isThere) throw new Refusal('hub-unreachable', { address: '' })
      city.does('supervisor', command)
    },
    submit: async (account, command) => {
      expect(account).toBe('supervisor')
      hub.keeps(command)
    },
    onTrouble: (_, error) => troubles.push(error),
  })
  const look = () => texts.sit('supervisor', city.state)
  const write = (text: string, account = 'supervisor') => {
    const id = randomUUID()
    city.does(account, { kind: 'message.send', id, thread, text, place: null })
    look()
    return id
  }
  const outcome = (id: string) => city.state.threads[`unit/${UNIT}`]?.deliveries?.[id]?.[UNIT]?.outcome
  look()
  return { city, texts, sent, troubles, line, hub, look, write, outcome }
}
type Seat = ReturnType<typeof seat>

const told = async ({ outcome }: Seat, id: string) => {
  await vi.waitFor(() => expect(outcome(id)).toBeTruthy())
  return outcome(id)
}
/** All that is on its way in this turn has come as far as it can. */
const settled = () => new Promise(setImmediate)

describe('what an officer writes to a unit that has a telephone and nothing else', () => {
  it('is carried by their seat, once, and everybody is told what came of it', async () => {
    const here = seat()
    const id = here.write('请回话')
    here.look()
    expect(await told(here, id)).toEqual({ state: 'carried', number: '82001', status: 200 })
    here.look()
    await settled()
    expect(here.sent).toEqual(['82001 请回话'])
    expect(here.troubles).toEqual([])
  })

  it('goes to the next number where one refuses it', async () => {
    const here = seat(async (number) => {
      if (number === '82001') throw new SipRefused(404, 'Not Found')
      return 202
    })
    expect(await told(here, here.write('请回话'))).toEqual({ state: 'carried', number: '82002', status: 202 })
  })

  it.each([
    [
      'refused by all',
      new SipRefused(486, 'Busy\u0007'),
      { state: 'refused', number: '82002', status: 486, said: 'Busy ' },
    ],
    [
      'not answered: it may be there, and goes nowhere else',
      new SipRefused(null, 'no answer'),
      { state: 'unanswered', number: '82001', said: 'no answer' },
    ],
    ['too long', new TextTooLong(2_000), { state: 'too-long', bytes: 2_000, most: 1_300 }],
    ['without a line when its turn came', new Refusal('no-line'), { state: 'not-sent' }],
  ])('may be %s', async (_, error, expected) => {
    const here = seat(async () => {
      throw error
    })
    expect(await told(here, here.write('请回话'))).toEqual(expected)
  })

  it('waits for a line', async () => {
    const here = seat()
    here.line.state = 'failing'
    const id = here.write('请回话')
    await settled()
    expect(here.city.state.threads[`unit/${UNIT}`]).not.toHaveProperty('deliveries')
    here.line.state = 'registered'
    here.texts.look()
    expect(await told(here, id)).toMatchObject({ state: 'carried' })
  })

  it('is in order, one at a time', async () => {
    const answers: (() => void)[] = []
    const here = seat(
      () =>
        new Promise((resolve) => {
          answers.push(() => resolve(200))
        }),
    )
    const ids = ['one', 'two', 'three'].map((text) => here.write(text))
    for (const [at, id] of ids.entries()) {
      await vi.waitFor(() => expect(here.sent).toHaveLength(at + 1))
      await settled()
      expect(here.sent).toHaveLength(at + 1)
      answers[at]?.()
      await told(here, id)
    }
    expect(here.sent.map((each) => each.split(' ')[1])).toEqual(['one', 'two', 'three'])
  })

  it('is not sent before the hub has agreed, and asked for again where it was away', async () => {
    const here = seat()
    here.hub.isThere = false
    const id = here.write('请回话')
    await settled()
    expect(here.sent).toEqual([])
    here.hub.isThere = true
    here.look()
    expect(await told(here, id)).toMatchObject({ state: 'carried' })
  })

  it('is another seat’s to carry where another officer wrote it, or has taken it on', async () => {
    const here = seat()
    const id = randomUUID()
    here.city.does('supervisor', { kind: 'message.send', id, thread, text: '请回话', place: null })
    const attempt = randomUUID()
    here.city.does('supervisor', {
      ...{ kind: 'message.carry', thread, message: id, unit: UNIT, attempt, again: false },
    } as Command)
    here.look()
    here.write('到哪里了', 'second-supervisor')
    await settled()
    expect(here.sent).toEqual([])
  })

  it('is carried again when somebody asks, and refused to who can’t', async () => {
    let code = 480
    const here = seat(async () => {
      if (code === 480) throw new SipRefused(480, 'Temporarily Unavailable')
      return code
    })
    const message = here.write('请回话')
    expect(await told(here, message)).toMatchObject({ state: 'refused' })
    code = 200
    await here.texts.carryAgain({ thread, message, unit: UNIT })
    await vi.waitFor(() => expect(here.outcome(message)).toMatchObject({ state: 'carried' }))
    await expect(here.texts.carryAgain({ thread, message, unit: UNIT })).rejects.toMatchObject({
      code: 'already-carried',
    })
    here.line.state = 'failing'
    await expect(here.texts.carryAgain({ thread, message, unit: UNIT })).rejects.toMatchObject({
      code: 'no-line',
    })
  })
})

describe('what comes to a line', () => {
  const from = { number: '82002', name: null }
  const heard = (text: string, id = randomUUID()) => ({ id, from, text })
  const said = ({ city }: Seat) => city.state.threads[`unit/${UNIT}`]?.messages.map(({ text }) => text)

  it('from a unit’s telephone is in its thread, once, before it is confirmed', async () => {
    const here = seat()
    const text = heard('到达\r\n北门\u0007')
    await here.texts.takeIn(text)
    await here.texts.takeIn(text)
    expect(said(here)).toEqual(['到达\n北门'])
  })

  it('from anybody else is refused, as is what is no text, and what is too long', async () => {
    const here = seat()
    const status = (text: object) =>
      here.texts.takeIn({ ...heard('x'), ...text }).catch((error) => error.code as number)
    expect(await status({ from: { number: '13900000001', name: null } })).toBe(403)
    expect(await status({ text: ' \r\n' })).toBe(400)
    expect(await status({ text: 'x'.repeat(1_001) })).toBe(413)
    expect(said(here)).toBeUndefined()
  })

  it('is not confirmed where nobody sits, where the hub refuses it, or where it can’t be kept', async () => {
    const here = seat()
    here.hub.keeps = () => {
      throw new Refusal('forbidden', { capability: 'view' })
    }
    await expect(here.texts.takeIn(heard('x'))).rejects.toMatchObject({ code: 403 })
    here.hub.keeps = () => {
      throw new Error('disk full')
    }
    await expect(here.texts.takeIn(heard('x'))).rejects.toThrow('disk full')
    here.texts.sit(null, here.city.state)
    await expect(here.texts.takeIn(heard('x'))).rejects.toMatchObject({ code: 480 })
  })
})
