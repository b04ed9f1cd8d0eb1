import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PatchEnd } from '../../../contract/seat-radio.ts'
import { endings } from '../../../tests/support/at-end.ts'
import { temporaryFolder } from '../../../tests/support/folder.ts'
import { OFFICER, openTestRadio, stateWith, testChannel } from '../../../tests/support/radio-seat.ts'

const { atEnd, run } = endings()
beforeEach(
  () =>
    void vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'],
    }),
)
afterEach(async () => {
  await run()
  vi.useRealTimers()
})

const [police, fire, medical] = ['police', 'fire', 'medical'].map((id, at) =>
  testChannel(id, { access: { kind: 'rtp', address: `239.1.3.${at}`, port: 5004, codec: 'PCMA' } }),
)
const channels = [police, fire, medical].flatMap((channel) => channel ?? [])
const channel = (id: string): PatchEnd => ({ kind: 'channel', channel: id })
const citizen: PatchEnd = { kind: 'call', call: 'citizen' }
const squelchOpen = { kind: 'squelch-open', radio: null, emergency: false } as const
const squelchClosed = { kind: 'squelch-closed' } as const

const openRadio = () => openTestRadio(atEnd, channels, { hub: false })

describe('channels that are patched', () => {
  it('hear one another: who is heard on one keys the other, as long as somebody talks', async () => {
    const seat = await openRadio()
    await seat.radio.port.patch([channel('police'), channel('fire')])
    seat.driver('police').report(squelchOpen)
    seat.driver('police').hear()
    expect([seat.driver('fire').deeds, seat.driver('fire').sent.length]).toEqual([['key'], 1])
    expect(seat.page('fire').isOpen()).toBe(false)
    seat.driver('police').report(squelchClosed)
    await vi.advanceTimersByTimeAsync(200)
    expect(seat.driver('fire').deeds).toEqual(['key'])
    await vi.advanceTimersByTimeAsync(100)
    expect(seat.driver('fire').deeds).toEqual(['key', 'unkey'])
    expect(seat.driver('police').deeds).toEqual([])
  })

  it('sound no tone of a key to the officer, who has pressed none', async () => {
    const seat = await openRadio()
    await seat.radio.port.patch([channel('police'), channel('fire')])
    seat.driver('police').report(squelchOpen)
    await vi.advanceTimersByTimeAsync(300)
    expect(seat.page('fire').heard).toEqual([])
    seat.driver('police').report(squelchClosed)
    await vi.advanceTimersByTimeAsync(300)
    const key = seat.radio.press({ channels: ['fire'], emergency: false })
    await vi.advanceTimersByTimeAsync(300)
    // The permit tone: 120 ms.
    expect(seat.page('fire').heard).toHaveLength(6)
    key.up()
  })

  it('do not key the one that talks by the echo of the other', async () => {
    const seat = await openRadio()
    await seat.radio.port.patch([channel('police'), channel('fire')])
    seat.driver('police').report(squelchOpen)
    // A repeater says what it is told, and for a moment after.
    seat.driver('fire').report(squelchOpen)
    seat.driver('fire').hear()
    seat.driver('police').report(squelchClosed)
    await vi.advanceTimersByTimeAsync(400)
    seat.driver('fire').hear()
    seat.driver('fire').report(squelchClosed)
    await vi.advanceTimersByTimeAsync(2_000)
    expect([seat.driver('police').deeds, seat.driver('police').sent]).toEqual([[], []])
  })

  it('let the other answer', async () => {
    const seat = await openRadio()
    await seat.radio.port.patch([channel('police'), channel('fire')])
    seat.driver('police').report(squelchOpen)
    seat.driver('police').report(squelchClosed)
    await vi.advanceTimersByTimeAsync(300)
    seat.driver('fire').report(squelchOpen)
    seat.driver('fire').hear()
    expect(seat.driver('police').sent).toHaveLength(1)
  })

  it('let one talk at a time to all others', async () => {
    const seat = await openRadio()
    await seat.radio.port.patch([channel('police'), channel('fire'), channel('medical')])
    seat.driver('medical').report(squelchOpen)
    seat.driver('police').report(squelchOpen)
    seat.driver('medical').hear()
    seat.driver('police').hear()
    expect(['police', 'fire', 'medical'].map((id) => seat.driver(id).sent.length)).toEqual([1, 1, 0])
  })

  it('ask again for a channel that was busy, while somebody still talks', async () => {
    const seat = await openRadio()
    await seat.radio.port.patch([channel('police'), channel('fire')])
    seat.driver('police').report(squelchOpen)
    seat.driver('fire').willing = false
    seat.driver('fire').report({ kind: 'unkeyed', why: 'busy' })
    expect(seat.driver('fire').deeds).toEqual(['key'])
    await vi.advanceTimersByTimeAsync(600)
    expect(seat.driver('fire').deeds).toEqual(['key', 'key'])
  })

  it('are talked on by the officer first, who is heard instead of the patch', async () => {
    const seat = await openRadio()
    await seat.radio.port.patch([channel('police'), channel('fire')])
    seat.driver('police').report(squelchOpen)
    const key = seat.radio.press({ channels: ['fire'], emergency: false })
    seat.driver('police').hear()
    seat.page('fire').speak()
    expect([seat.driver('fire').deeds, seat.driver('fire').sent.length]).toEqual([['key'], 1])
    key.up()
    seat.driver('police').hear()
    expect([seat.driver('fire').deeds, seat.driver('fire').sent.length]).toEqual([['key'], 2])
  })
})

describe('a channel that is patched to a call', () => {
  it('is heard in the call, and keyed when somebody speaks there', async () => {
    const seat = await openRadio()
    await seat.radio.port.patch([channel('police'), citizen])
    seat.driver('police').report(squelchOpen)
    seat.driver('police').hear()
    expect(seat.calls.heard('citizen')).toHaveLength(1)
    seat.driver('police').report(squelchClosed)
    await vi.advanceTimersByTimeAsync(1_000)
    for (let frame = 0; frame < 5; frame++) seat.calls.speak('citizen', false)
    expect(seat.driver('police').deeds).toEqual([])
    for (let frame = 0; frame < 5; frame++) seat.calls.speak('citizen')
    expect(seat.driver('police').deeds).toEqual(['key'])
    expect(seat.driver('police').sent.length).toBeGreaterThan(2)
    await vi.advanceTimersByTimeAsync(1_100)
    expect(seat.driver('police').deeds).toEqual(['key', 'unkey'])
  })

  it('is out of it when the call is over, and the officer is told', async () => {
    const seat = await openRadio()
    await seat.radio.port.patch([channel('police'), citizen])
    seat.calls.end('citizen')
    await seat.settled()
    expect(seat.radio.state.value).toMatchObject({ patches: [], undone: [{ why: 'call-over' }] })
    expect(seat.submitted).toMatchObject([
      [OFFICER, { kind: 'patch.made', patch: { ends: [channel('police'), citizen] } }],
      [OFFICER, { kind: 'patch.undone', undone: { why: 'call-over' } }],
    ])
  })

  it('is out of it when calls confer so that somebody would hear himself', async () => {
    const seat = await openRadio()
    await seat.radio.port.patch([channel('police'), citizen])
    await seat.radio.port.patch([channel('police'), { kind: 'call', call: 'other' }])
    seat.calls.conferences = [['citizen', 'other']]
    seat.calls.conferred()
    await seat.settled()
    expect(seat.radio.state.value).toMatchObject({
      patches: [{ ends: [channel('police'), citizen] }],
      undone: [{ why: 'loop' }],
    })
  })
})

describe('patches of a seat', () => {
  it('are refused where somebody would hear himself, and where the officer may not', async () => {
    const seat = await openRadio()
    const { patch } = seat.radio.port
    await patch([channel('police'), channel('fire')])
    await expect(patch([channel('fire'), channel('police')])).rejects.toThrow('patch-loop')
    await expect(patch([channel('fire'), channel('nowhere')])).rejects.toThrow('no-channel')
    seat.sit(OFFICER, stateWith(channels, false))
    await seat.settled()
    expect(seat.radio.state.value).toMatchObject({ patches: [], undone: [{ why: 'not-allowed' }] })
    await expect(patch([channel('fire'), channel('medical')])).rejects.toThrow('forbidden')
  })

  it('are undone by the officer, and let go of what they keyed', async () => {
    const seat = await openRadio()
    const id = await seat.radio.port.patch([channel('police'), channel('fire')])
    seat.driver('police').report(squelchOpen)
    await seat.radio.port.unpatch(id)
    expect(seat.driver('fire').deeds).toEqual(['key', 'unkey'])
    await seat.settled()
    expect(seat.radio.state.value).toMatchObject({ patches: [], undone: [] })
    expect(seat.submitted.at(-1)).toMatchObject([OFFICER, { undone: { why: 'officer' } }])
  })

  it('of an engine that was killed are told of by the next one, to whoever had made them', async () => {
    const folder = temporaryFolder(atEnd)
    const killed = await openTestRadio(atEnd, channels, { hub: false, folder })
    const id = await killed.radio.port.patch([channel('police'), channel('fire')])
    await vi.waitFor(() => expect(readdirSync(join(folder, 'open-patches'))).toEqual([`${id}.json`]))
    const next = await openTestRadio(atEnd, channels, { hub: false, folder })
    await vi.waitFor(() =>
      expect(next.submitted).toMatchObject([
        [OFFICER, { kind: 'patch.undone', undone: { id, why: 'engine-lost' } }],
      ]),
    )
    await next.settled()
    expect(next.radio.state.value.undone).toMatchObject([{ id, why: 'engine-lost' }])
    next.sit('south-officer')
    await next.settled()
    expect(next.radio.state.value.undone).toEqual([])
  })

  it('end with a channel that is switched off, and with the shift', async () => {
    const seat = await openRadio()
    await seat.radio.port.patch([channel('police'), channel('fire')])
    seat.use({ unmonitored: ['fire'] })
    await seat.settled()
    expect(seat.radio.state.value.undone).toMatchObject([{ why: 'channel-gone' }])
    await seat.radio.port.patch([channel('police'), channel('medical')])
    seat.sit('south-officer')
    await seat.settled()
    expect(seat.radio.state.value).toMatchObject({ patches: [], undone: [] })
    expect(seat.submitted.at(-1)).toMatchObject([OFFICER, { undone: { why: 'signed-out' } }])
  })
})
