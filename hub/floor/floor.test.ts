import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Happening } from '../../contract/events.ts'
import type { FloorMessage } from '../../contract/floor-service.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { Patch } from '../../contract/seat-radio.ts'
import { MemoryJournal } from '../../tests/support/memory-journal.ts'
import { smallCity, smallCityWith } from '../../tests/support/site.ts'
import { openFloor } from './floor.ts'

const NORTH = 'north-tac'
const FIRE = 'fire-ground'
const T0 = 1_800_000_000_000
const access = { kind: 'rtp', address: '239.255.0.1', port: 5004 }
const site = smallCityWith({
  channels: [
    { id: NORTH, name: 'North', area: 'north', agency: 'police', access, timeOutS: 30 },
    { id: FIRE, name: 'Fire ground', agency: 'fire', access },
  ],
  accounts: smallCity.accounts.map((account) =>
    account.id === 'north-officer' ? { ...account, callsign: 'WF-N' } : account,
  ),
})

let journal: MemoryJournal
let service: ReturnType<typeof openFloor>
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: T0 })
  journal = new MemoryJournal(site)
  service = openFloor({ journal, clock: Date.now })
  onTestFinished(() => {
    service.close()
    vi.useRealTimers()
  })
})

describe('the floor of a channel', () => {
  it('is granted to an officer, and everybody who sees the channel is told who talks', async () => {
    const officer = await sitDown('north-officer')
    const chief = await sitDown('supervisor')
    const fire = await sitDown('fire-officer')
    const turn = officer.press(NORTH)
    const by = {
      radio: 'WF-N',
      unit: null,
      account: 'north-officer',
      name: { zh: '北区值班员', en: '北区值班员' },
    }
    expect(await officer.heard()).toEqual([{ kind: 'granted', channel: NORTH, turn }])
    expect(await chief.heard()).toEqual([{ kind: 'taken', channel: NORTH, by, since: T0, emergency: false }])
    officer.lift(NORTH, turn)
    expect(await chief.heard()).toEqual([{ kind: 'idle', channel: NORTH }])
    expect(await officer.heard()).toEqual([])
    expect(await fire.heard()).toEqual([])
  })

  it('is told to whoever comes while somebody talks', async () => {
    const officer = await sitDown('north-officer')
    officer.press(NORTH, true)
    const chief = await sitDown('supervisor')
    expect(await chief.heard()).toMatchObject([{ kind: 'taken', channel: NORTH, emergency: true }])
  })

  it('is denied to whoever may not key it, as if it were not there', async () => {
    const fire = await sitDown('fire-officer')
    const admin = await sitDown('admin')
    const turns = [fire.press(NORTH), fire.press('no-such-channel')]
    expect(await fire.heard()).toEqual([
      { kind: 'denied', channel: NORTH, turn: turns[0], why: 'not-allowed' },
      { kind: 'denied', channel: 'no-such-channel', turn: turns[1], why: 'not-allowed' },
    ])
    admin.press(NORTH)
    expect(await admin.heard()).toMatchObject([{ kind: 'denied', why: 'not-allowed' }])
  })

  it('passes on when the seat that has it is gone, and a seat that left is never granted', async () => {
    const first = await sitDown('north-officer')
    const second = await sitDown('north-officer')
    const third = await sitDown('supervisor')
    first.press(NORTH)
    second.press(NORTH)
    const turn = third.press(NORTH)
    second.leave()
    await third.heard()
    first.leave()
    expect(await third.heard()).toEqual([
      { kind: 'granted', channel: NORTH, turn },
      { kind: 'idle', channel: NORTH },
    ])
    expect(await second.heard()).not.toContainEqual(expect.objectContaining({ kind: 'granted' }))
  })

  it('lets a supervisor wait in front', async () => {
    const [talks, waits, chief] = [
      await sitDown('north-officer'),
      await sitDown('north-officer'),
      await sitDown('supervisor'),
    ]
    talks.press(NORTH)
    waits.press(NORTH)
    chief.press(NORTH)
    expect(await chief.heard()).toContainEqual(expect.objectContaining({ kind: 'queued', place: 0 }))
    expect((await waits.heard()).at(-1)).toMatchObject({ kind: 'queued', place: 1 })
  })

  it('is taken back from a seat that falls silent, and kept by one that talks until its time is out', async () => {
    const officer = await sitDown('north-officer')
    const turn = officer.press(NORTH)
    for (let second = 1; second < 30; second++) {
      await vi.advanceTimersByTimeAsync(1000)
      officer.alive(NORTH, turn)
    }
    expect((await officer.heard()).map(({ kind }) => kind)).toEqual(['granted'])
    await vi.advanceTimersByTimeAsync(1000)
    expect(await officer.heard()).toEqual([{ kind: 'revoked', channel: NORTH, turn, why: 'time-out' }])
    officer.press(NORTH)
    await vi.advanceTimersByTimeAsync(3000)
    expect((await officer.heard()).at(-1)).toMatchObject({ kind: 'revoked', why: 'silent' })
  })

  it('ends with the right to it: a grant that runs out, and an account that is changed', async () => {
    await journal.happens(grantTo('guest', T0 + 5000))
    const guest = await sitDown('guest')
    const turn = guest.press(NORTH)
    await vi.advanceTimersByTimeAsync(2500)
    guest.alive(NORTH, turn)
    await vi.advanceTimersByTimeAsync(2500)
    expect((await guest.heard()).at(-1)).toEqual({ kind: 'revoked', channel: NORTH, turn, why: 'revoked' })

    const officer = await sitDown('north-officer')
    const waiting = await sitDown('north-officer')
    officer.press(NORTH)
    waiting.press(NORTH)
    await journal.happens(demoted('north-officer'))
    expect((await officer.heard()).at(-1)).toMatchObject({ kind: 'revoked', why: 'revoked' })
    expect(await waiting.heard()).toContainEqual(
      expect.objectContaining({ kind: 'denied', why: 'not-allowed' }),
    )
  })

  it('ends with the channel', async () => {
    const officer = await sitDown('north-officer')
    const chief = await sitDown('supervisor')
    officer.press(NORTH)
    await journal.happens({
      kind: 'channel.removed',
      subject: `channel/${NORTH}`,
      area: 'north',
      data: { id: NORTH },
    })
    expect((await officer.heard()).at(-1)).toMatchObject({ kind: 'revoked', why: 'revoked' })
    expect((await chief.heard()).at(-1)).toEqual({ kind: 'idle', channel: NORTH })
  })

  it('waits for a radio that seats hear, but only those count who may talk there', async () => {
    const officer = await sitDown('north-officer')
    const chief = await sitDown('supervisor')
    const fire = await sitDown('fire-officer')
    fire.hears(NORTH, '3107')
    const turn = officer.press(NORTH)
    officer.lift(NORTH, turn)
    chief.hears(NORTH, '3107')
    officer.press(NORTH)
    expect((await officer.heard()).map(({ kind }) => kind)).toEqual(['granted', 'queued'])
    chief.hears(NORTH, null)
    expect((await officer.heard()).map(({ kind }) => kind)).toEqual(['granted'])
    chief.hears(NORTH, 'WF-N', 'north-officer')
    const again = officer.press(NORTH)
    expect((await officer.heard()).at(-1)).toMatchObject({ kind: 'granted', turn: again })
  })
})

describe('a patch that a seat holds', () => {
  const joins = (...channels: string[]) => ({
    id: randomUUID(),
    since: T0,
    ends: channels.map((channel) => ({ kind: 'channel' as const, channel })),
  })

  it('is told to whoever sees one of its channels, and what else it joins is not', async () => {
    const officer = await sitDown('north-officer')
    const fire = await sitDown('fire-officer')
    const chief = await sitDown('supervisor')
    const patch = joins(NORTH, FIRE)
    chief.holds(patch)
    const by = { account: 'supervisor', name: { zh: '带班长', en: '带班长' } }
    const shown = { id: patch.id, by, since: T0, ends: 2 }
    expect(await officer.heard()).toEqual([{ kind: 'patched', channel: NORTH, patches: [shown] }])
    expect(await fire.heard()).toEqual([{ kind: 'patched', channel: FIRE, patches: [shown] }])
    expect(await chief.heard()).toEqual([])
    const late = await sitDown('north-officer')
    expect(await late.heard()).toEqual([{ kind: 'patched', channel: NORTH, patches: [shown] }])
    chief.holds(patch)
    expect(await officer.heard()).toEqual([])
    chief.holds()
    expect(await officer.heard()).toEqual([{ kind: 'patched', channel: NORTH, patches: [] }])
  })

  it('is over when its seat is gone', async () => {
    const officer = await sitDown('north-officer')
    const chief = await sitDown('supervisor')
    chief.holds(joins(NORTH, FIRE))
    chief.leave()
    expect((await officer.heard()).at(-1)).toEqual({ kind: 'patched', channel: NORTH, patches: [] })
  })

  it('is told to nobody if the seat may not hold it', async () => {
    const chief = await sitDown('supervisor')
    const officer = await sitDown('north-officer')
    officer.holds(joins(NORTH, 'fire-ground'), joins(NORTH, 'no-such-channel'))
    expect(await chief.heard()).toEqual([])
  })
})

describe('a seat', () => {
  it('that comes back takes the place of its old connection', async () => {
    const before = await sitDown('north-officer', 'the-session')
    before.press(NORTH)
    const after = await sitDown('north-officer', 'the-session')
    const chief = await sitDown('supervisor')
    expect(await chief.heard()).toEqual([])
    after.press(NORTH)
    before.leave()
    expect((await chief.heard()).map(({ kind }) => kind)).toEqual(['taken'])
  })

  it('that does not attend is not heard', () => {
    const session = { account: 'north-officer', id: 'stranger' }
    const asked = { channel: NORTH, turn: randomUUID(), emergency: true }
    expect(() => service.port.request(session, asked)).toThrow(Refusal)
  })

  it('that says too much is refused, and loses the floor when it is gone', async () => {
    const chief = await sitDown('supervisor')
    const officer = await sitDown('north-officer')
    const flood = () => {
      for (let nth = 0; nth < 2000; nth++) officer.press(NORTH)
    }
    expect(flood).toThrow(Refusal)
    expect((await chief.heard()).length).toBeLessThan(600)
    officer.leave()
    expect((await chief.heard()).at(-1)).toMatchObject({ kind: 'idle' })
  })
})

const grantTo = (account: string, until: number): Happening => ({
  kind: 'grant.given',
  subject: 'grant/loan',
  area: null,
  data: {
    id: 'loan',
    subject: { kind: 'account', account },
    capabilities: ['view', 'key-radio'],
    scope: { kind: 'agency', agency: 'police' },
    until,
  },
})

function demoted(id: string): Happening {
  const account = journal.state.access.accounts[id]
  if (account === undefined) throw new Error(`no account ${id}`)
  return {
    kind: 'account.put',
    subject: `account/${id}`,
    area: null,
    data: { ...account, role: 'administrator' },
  }
}

let sessions = 0

/** Somebody who sits down and attends. */
async function sitDown(account: string, id = `session-${sessions++}`) {
  const session = { account, id }
  const gone = new AbortController()
  const messages: FloorMessage[] = []
  const { port } = service
  void (async () => {
    for await (const message of port.attend(session, gone.signal)) messages.push(message)
  })()
  await nextTurn()
  expect(messages.shift()).toEqual({ kind: 'keeping', here: true })
  return {
    press: (channel: string, emergency = false) => {
      const turn = randomUUID()
      port.request(session, { channel, turn, emergency })
      return turn
    },
    lift: (channel: string, turn: string) => port.release(session, { channel, turn }),
    alive: (channel: string, turn: string) => port.alive(session, { channel, turn }),
    hears: (channel: string, radio: string | null, account: string | null = null) =>
      port.heard(session, { channel, talker: radio === null ? null : { radio, unit: null, account } }),
    holds: (...patches: Patch[]) => port.tellPatches(session, patches),
    leave: () => gone.abort(),
    /** What it has been told since it was asked last. */
    heard: async () => {
      await nextTurn()
      return messages.splice(0)
    },
  }
}
