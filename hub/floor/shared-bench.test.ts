import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { FloorMessage } from '../../contract/floor-service.ts'
import type { Patch } from '../../contract/seat-radio.ts'
import { Watched } from '../../contract/watched.ts'
import { MemoryJournal } from '../../tests/support/memory-journal.ts'
import { smallCityWith } from '../../tests/support/site.ts'
import type { HubBus } from '../store/bus.ts'
import { type FloorService, openFloor } from './floor.ts'

const NORTH = 'north-tac'
const access = { kind: 'rtp', address: '239.255.0.1', port: 5004 }
const site = smallCityWith({
  channels: [{ id: NORTH, name: 'North', area: 'north', agency: 'police', access }],
})

let hubs: ReturnType<typeof someHubs>
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
  hubs = someHubs(2)
  onTestFinished(() => {
    for (const { service } of hubs.all) service.close()
    vi.useRealTimers()
  })
})

describe('two hubs', () => {
  it('have one floor: a seat at one waits for a seat at the other, and each hears who talks', async () => {
    const [first, second] = hubs.all
    await hubs.elect(first)
    const near = await sitDown(first.service, 'north-officer')
    const far = await sitDown(second.service, 'supervisor')
    const turn = far.press()
    expect(await far.heard()).toEqual([{ kind: 'granted', channel: NORTH, turn }])
    expect(await near.heard()).toMatchObject([
      { kind: 'taken', by: { account: 'supervisor', name: { zh: '带班长' } } },
    ])
    const waits = near.press()
    expect(await near.heard()).toMatchObject([{ kind: 'queued', turn: waits }])
    far.leave()
    expect(await near.heard()).toMatchObject([{ kind: 'granted', turn: waits }, { kind: 'idle' }])
    const late = await sitDown(second.service, 'supervisor')
    expect(await late.heard()).toMatchObject([{ kind: 'taken', by: { account: 'north-officer' } }])
  })

  it('begin anew when the first is gone, and never have two who talk', async () => {
    const [first, second] = hubs.all
    await hubs.elect(first)
    const near = await sitDown(first.service, 'north-officer')
    const far = await sitDown(second.service, 'supervisor')
    near.press()
    await near.heard()
    await far.heard()
    await hubs.elect(undefined)
    expect((await near.heard()).at(-1)).toEqual({ kind: 'keeping', here: false })
    const denied = near.press()
    expect(await near.heard()).toMatchObject([{ kind: 'denied', turn: denied, why: 'not-allowed' }])
    await hubs.elect(second)
    expect((await near.heard()).map(({ kind }) => kind)).toContain('keeping')
    near.press()
    const turn = far.press()
    expect((await far.heard()).at(-1)).toMatchObject({ kind: 'granted', turn })
    expect((await near.heard()).at(-1)).toMatchObject({ kind: 'queued' })
  })

  it('have none that is given by a hub which stood still, before it has heard that it is the first no more', async () => {
    const [first, second] = hubs.all
    await hubs.elect(first)
    const near = await sitDown(first.service, 'north-officer')
    const waits = await sitDown(first.service, 'supervisor')
    near.press()
    waits.press()
    await waits.heard()
    hubs.sure = false
    near.leave()
    await vi.advanceTimersByTimeAsync(3_000)
    expect((await waits.heard()).map(({ kind }) => kind)).not.toContain('granted')
    hubs.sure = true
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await waits.heard()).map(({ kind }) => kind)).toContain('granted')
    await hubs.elect(second)
    waits.press()
    expect((await waits.heard()).at(-1)).toMatchObject({ kind: 'granted' })
  })

  it('offer no floor where nothing is heard of the keeper, and have it again afterwards', async () => {
    const [first, second] = hubs.all
    await hubs.elect(first)
    const far = await sitDown(second.service, 'supervisor')
    hubs.cut = true
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await far.heard()).toEqual([{ kind: 'keeping', here: false }])
    hubs.cut = false
    await vi.advanceTimersByTimeAsync(2_000)
    expect((await far.heard()).at(-1)).toEqual({ kind: 'keeping', here: true })
  })

  it('free the floor of a hub that died with its seats, and hear of a talker whom they missed', async () => {
    const [first, second] = hubs.all
    await hubs.elect(first)
    const near = await sitDown(first.service, 'north-officer')
    const far = await sitDown(second.service, 'supervisor')
    far.press()
    await near.heard()
    hubs.cut = true
    await vi.advanceTimersByTimeAsync(3_000)
    expect((await near.heard()).at(-1)).toEqual({ kind: 'idle', channel: NORTH })
    near.press()
    hubs.cut = false
    await vi.advanceTimersByTimeAsync(2_000)
    expect((await far.heard()).at(-1)).toMatchObject({ kind: 'taken', by: { account: 'north-officer' } })
  })

  it('show the patches of each other’s seats, as long as they are told of them', async () => {
    const [first, second] = hubs.all
    await hubs.elect(first)
    const near = await sitDown(first.service, 'north-officer')
    const far = await sitDown(second.service, 'supervisor')
    const patch = { id: randomUUID(), since: 1, ends: [channelEnd, callEnd] }
    far.holds(patch)
    const shown = { kind: 'patched', patches: [{ id: patch.id, ends: 2, by: { account: 'supervisor' } }] }
    expect(await near.heard()).toMatchObject([shown])
    await vi.advanceTimersByTimeAsync(30_000)
    expect(await near.heard()).toEqual([])
    hubs.cut = true
    await vi.advanceTimersByTimeAsync(17_000)
    expect((await near.heard()).at(-1)).toEqual({ kind: 'patched', channel: NORTH, patches: [] })
    hubs.cut = false
    await vi.advanceTimersByTimeAsync(5_000)
    expect((await near.heard()).at(-1)).toMatchObject(shown)
    far.leave()
    expect((await near.heard()).at(-1)).toMatchObject({ kind: 'patched', patches: [] })
  })

  it('are not led astray by what is no message of theirs', async () => {
    const [first, second] = hubs.all
    await hubs.elect(first)
    const far = await sitDown(second.service, 'supervisor')
    const held = { turn: { id: 'x', talker: 'admin/x', priority: 'routine' }, since: 1 }
    for (const message of ['{', 'null', '{"kind":"step"}', JSON.stringify({ kind: 'step', held })])
      hubs.say(message)
    hubs.say(JSON.stringify({ kind: 'step', keeper: randomUUID(), channel: NORTH, held, notices: [] }))
    expect(await far.heard()).toEqual([])
  })
})

/** Hubs on one journal and one bus. */
function someHubs(count: number) {
  const journal = new MemoryJournal(site)
  const listeners = new Set<(message: string) => void>()
  const buses = {
    cut: false,
    sure: true,
    say: (message: string) => {
      for (const listener of listeners) listener(message)
    },
    /** This one is the first from now on, or none is. */
    elect: async (hub: (typeof all)[number] | undefined) => {
      for (const { first } of all) if (first !== hub?.first) first.set(false)
      hub?.first.set(true)
      await nextTurn()
    },
  }
  const one = (): { first: Watched<boolean>; service: FloorService } => {
    const first = new Watched(false)
    const bus: HubBus = {
      first,
      get sure() {
        return buses.sure
      },
      say: (message) => {
        if (!buses.cut) setImmediate(() => buses.say(message))
      },
      onMessage: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      close: async () => undefined,
    }
    return { first, service: openFloor({ journal, clock: Date.now, bus }) }
  }
  const all = Array.from({ length: count }, one) as [ReturnType<typeof one>, ReturnType<typeof one>]
  return Object.assign(buses, { all })
}

const channelEnd = { kind: 'channel' as const, channel: NORTH }
const callEnd = { kind: 'call' as const, call: randomUUID() }
let sessions = 0

async function sitDown({ port }: FloorService, account: string) {
  const session = { account, id: `session-${sessions++}` }
  const gone = new AbortController()
  const messages: FloorMessage[] = []
  void (async () => {
    for await (const message of port.attend(session, gone.signal)) messages.push(message)
  })()
  await nextTurn()
  expect(messages.shift()).toEqual({ kind: 'keeping', here: true })
  return {
    press: () => {
      const turn = randomUUID()
      port.request(session, { channel: NORTH, turn, emergency: false })
      return turn
    },
    holds: (...patches: Patch[]) => port.tellPatches(session, patches),
    leave: () => gone.abort(),
    /** What it has been told since it was asked last, there and back between the hubs. */
    heard: async () => {
      for (let turn = 0; turn < 6; turn++) await nextTurn()
      return messages.splice(0)
    },
  }
}
