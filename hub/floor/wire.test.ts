/** What seats get of the floor over the wire, whatever they ask. */
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { FloorMessage } from '../../contract/floor-service.ts'
import { startTestHub, type TestHub } from '../../tests/support/hub.ts'
import { openSeat, refusalOf, takeSeat } from '../../tests/support/seat.ts'
import { smallCityWith } from '../../tests/support/site.ts'

const NORTH = 'north-tac'
const access = { kind: 'rtp', address: '239.255.0.1', port: 5004 }
const HIDDEN_RADIO = 'radio-4711'

let hub: TestHub
beforeEach(async () => {
  hub = await startTestHub(onTestFinished, {
    site: smallCityWith({
      channels: [{ id: NORTH, name: 'North', area: 'north', agency: 'police', access, queue: 1 }],
    }),
  })
})

describe('over the wire', () => {
  it('two officers ask for the floor, and the second has it when the first lets go', async () => {
    const first = await sitDown('north-officer')
    const second = await sitDown('supervisor')
    const turn = await first.press(NORTH)
    await first.next('granted', turn)
    const waiting = await second.press(NORTH)
    expect(await second.next('queued', waiting)).toMatchObject({ place: 0 })
    await first.client.floor.release.mutate({ channel: NORTH, turn })
    await second.next('granted', waiting)
    await vi.waitFor(() => expect(first.messages.at(-1)).toMatchObject({ kind: 'taken' }))
  })

  it('a connection that is lost gives up the floor and its place', async () => {
    const first = await sitDown('north-officer')
    const second = await sitDown('north-officer')
    await first.next('granted', await first.press(NORTH))
    const waiting = await second.press(NORTH)
    await second.next('queued', waiting)
    first.close()
    await second.next('granted', waiting)
  })

  it.each(['guest', 'fire-officer'])(
    '%s, who does not see the channel, hears nothing of it',
    async (account) => {
      const nosy = await sitDown(account)
      const officer = await sitDown('north-officer')
      await officer.next('granted', await officer.press(NORTH, true))
      const talker = { radio: HIDDEN_RADIO, unit: null, account: null }
      await nosy.client.floor.heard.mutate({ channel: NORTH, talker })
      for (const channel of [NORTH, 'no-such-channel']) {
        const turn = await nosy.press(channel, true)
        expect(await nosy.next('denied', turn)).toEqual({ kind: 'denied', channel, turn, why: 'not-allowed' })
      }
      expect(nosy.messages.map(({ kind }) => kind)).toEqual(['keeping', 'denied', 'denied'])
      expect(nosy.bytes().includes('north-officer')).toBe(false)
      expect(officer.messages.map(({ kind }) => kind)).toEqual(['keeping', 'granted'])
    },
  )

  it('nobody ends, or keeps alive, another’s turn by knowing its name', async () => {
    const officer = await sitDown('north-officer')
    const forger = await sitDown('supervisor')
    const turn = await officer.press(NORTH)
    await officer.next('granted', turn)
    await forger.client.floor.release.mutate({ channel: NORTH, turn })
    await forger.client.floor.request.mutate({ channel: NORTH, turn, emergency: false })
    await forger.next('queued', turn)
    await forger.client.floor.release.mutate({ channel: NORTH, turn })
    const later = await forger.press(NORTH)
    await forger.next('queued', later)
    expect(officer.messages.map(({ kind }) => kind)).toEqual(['keeping', 'granted'])
  })

  it('what is not as agreed is refused', async () => {
    const { client } = await sitDown('north-officer')
    const whole = { channel: NORTH, turn: randomUUID(), emergency: false }
    const wrong = [
      { ...whole, turn: 'mine' },
      { ...whole, channel: '../north' },
      { ...whole, priority: 'emergency' },
      { ...whole, account: 'supervisor' },
    ]
    for (const asked of wrong)
      expect(await refusalOf(client.floor.request.mutate(asked))).toMatchObject({ code: 'invalid' })
    const radio = { radio: 'x'.repeat(65), unit: null, account: null }
    const heard = client.floor.heard.mutate({ channel: NORTH, talker: radio })
    expect(await refusalOf(heard)).toMatchObject({ code: 'invalid' })
  })

  it('nobody asks who is not signed in, or does not attend', async () => {
    const asked = { channel: NORTH, turn: randomUUID(), emergency: true }
    const stranger = openSeat(onTestFinished, hub.url)
    expect((await refusalOf(stranger.client.floor.request.mutate(asked))).code).toBe('not-signed-in')
    const absent = await takeSeat(onTestFinished, hub.url, 'north-officer')
    expect((await refusalOf(absent.client.floor.request.mutate(asked))).code).toBe('seat-unreachable')
  })

  it('a flood of requests is refused, and the others go on', async () => {
    const flooder = await sitDown('north-officer')
    const officer = await sitDown('supervisor')
    const asked = Array.from({ length: 60 }, () =>
      Array.from({ length: 10 }, () =>
        flooder.press(NORTH).then(
          () => 'taken',
          () => 'refused',
        ),
      ),
    )
    const outcomes = (await Promise.all(asked.flat())).filter((outcome) => outcome === 'refused')
    expect(outcomes.length).toBeGreaterThan(100)
    const turn = await officer.press(NORTH, true)
    await officer.next('granted', turn)
  })
})

/** A seat that attends. */
async function sitDown(account: string) {
  const seat = await takeSeat(onTestFinished, hub.url, account)
  const messages: FloorMessage[] = []
  seat.client.floor.attend.subscribe(undefined, {
    onData: (message) => messages.push(message as FloorMessage),
  })
  await vi.waitFor(() => expect(messages).toEqual([{ kind: 'keeping', here: true }]))
  return {
    ...seat,
    messages,
    press: async (channel: string, emergency = false) => {
      const turn = randomUUID()
      await seat.client.floor.request.mutate({ channel, turn, emergency })
      return turn
    },
    next: (kind: FloorMessage['kind'], turn: string) =>
      vi.waitFor(() => {
        const found = messages.find(
          (message) => message.kind === kind && 'turn' in message && message.turn === turn,
        )
        if (found === undefined) throw new Error(`not ${kind}`)
        return found
      }),
  }
}
