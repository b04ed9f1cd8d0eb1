/** The floor between engines and a hub: who is granted, who waits, and what is left when the hub is gone. */
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openHubLink } from '../../main/engine/hub-link/hub-link.ts'
import type { FloorNotice } from '../../main/engine/radio/floor-link.ts'
import { openHubFloor } from '../../main/engine/radio/hub-floor.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { PASSWORD, smallCityWith } from '../support/site.ts'

const NORTH = 'north-tac'
const access = { kind: 'rtp', address: '239.255.0.1', port: 5004 }
const site = smallCityWith({
  channels: [{ id: NORTH, name: 'North', area: 'north', agency: 'police', access }],
})

let hub: TestHub
beforeEach(async () => {
  hub = await startTestHub(onTestFinished, { site })
})

describe('the floor of a channel', () => {
  it('goes from one engine to the other, and each hears who talks', async () => {
    const officer = await sitDown('north-officer')
    const chief = await sitDown('supervisor')
    const first = officer.press()
    await officer.told({ kind: 'granted', turn: first })
    await chief.told({
      kind: 'taken',
      by: expect.objectContaining({ account: 'north-officer', name: { zh: '北区值班员', en: '北区值班员' } }),
    })
    const second = chief.press()
    await chief.told({ kind: 'queued', turn: second, place: 0 })
    officer.floor.release(NORTH, first)
    await chief.told({ kind: 'granted', turn: second })
    await chief.told({ kind: 'idle' })
    const emergency = officer.press(true)
    await officer.told({ kind: 'granted', turn: emergency })
    await chief.told({ kind: 'revoked', turn: second, why: 'pre-empted' })
  })

  it('and its patches are told again to whoever opens the channel later, and after the hub was away', async () => {
    const chief = await sitDown('supervisor')
    const officer = await sitDown('north-officer')
    const call = { kind: 'call' as const, call: randomUUID() }
    const patch = { id: randomUUID(), since: 1, ends: [{ kind: 'channel' as const, channel: NORTH }, call] }
    chief.floor.hold([patch])
    const patches = [expect.objectContaining({ id: patch.id, ends: 2 })]
    await officer.told({ kind: 'patched', patches })
    officer.notices.length = 0
    officer.floor.recall(NORTH)
    expect(officer.notices).toMatchObject([{ kind: 'patched', channel: NORTH }])
    await restart()
    await expect.poll(() => officer.floor.reachable.value).toBe(true)
    await expect.poll(() => officer.notices.filter(({ kind }) => kind === 'patched')).toHaveLength(2)
  })

  it('can be asked of nobody as soon as the hub is gone, and again when it is back', async () => {
    const officer = await sitDown('north-officer')
    await officer.told({ kind: 'granted', turn: officer.press() })
    await hub.close()
    await expect.poll(() => officer.floor.reachable.value).toBe(false)
    const told = officer.notices.length
    officer.press()
    await restart()
    await expect.poll(() => officer.floor.reachable.value).toBe(true)
    expect(officer.notices).toHaveLength(told)
    const turn = officer.press()
    await officer.told({ kind: 'granted', turn })
  })

  it('is denied to a seat that asks too much, which is told so', async () => {
    const officer = await sitDown('north-officer')
    const turns = Array.from({ length: 1000 }, () => officer.press())
    await expect.poll(() => officer.notices.some(({ kind }) => kind === 'denied')).toBe(true)
    const denied = officer.notices.flatMap((notice) => (notice.kind === 'denied' ? [notice.turn] : []))
    expect(turns).toEqual(expect.arrayContaining(denied))
  })
})

async function restart() {
  await hub.close()
  const { port } = new URL(hub.url)
  hub = await startTestHub(onTestFinished, {
    site,
    folder: hub.folder,
    config: { listen: { host: '127.0.0.1', port: Number(port) } },
  })
}

async function sitDown(account: string) {
  const floor = openHubFloor(() => undefined)
  const notices: FloorNotice[] = []
  floor.onNotice((notice) => notices.push(notice))
  const link = await openHubLink({
    folder: temporaryFolder(onTestFinished),
    clock: Date.now,
    ticket: null,
    onTrouble: () => undefined,
    onState: () => undefined,
    onLeaving: async () => undefined,
    onUp: (client) => floor.attend(client),
    keepTicket: () => undefined,
    keepAwake: () => undefined,
  })
  onTestFinished(() => link.close())
  link.use({ url: hub.url, embedded: false })
  await expect.poll(() => link.greeting.value.kind).toBe('reached')
  await link.signIn({ account, password: PASSWORD })
  await expect.poll(() => floor.reachable.value).toBe(true)
  return {
    floor,
    notices,
    press: (emergency = false) => {
      const turn = randomUUID()
      floor.request(NORTH, turn, emergency)
      return turn
    },
    told: (notice: object) =>
      expect.poll(() => notices).toContainEqual(expect.objectContaining({ channel: NORTH, ...notice })),
  }
}
