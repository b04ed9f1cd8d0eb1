import { describe, expect, it, vi } from 'vitest'
import { Refusal } from '../../../contract/refusal.ts'
import type { PresentInCall, SeatNote } from '../../../contract/seat-supervision.ts'
import type { OrderReply, SeatCall, SeatOrder } from '../../../contract/supervision.ts'
import { type CallState, noTelephone, type Telephone } from '../../../contract/telephony.ts'
import { Watched } from '../../../contract/watched.ts'
import type { AdmittedVoice } from './seat-voice.ts'
import { type Ask, openSupervised } from './supervised.ts'

const SEAT = 'b3e1f1a0-0000-4000-8000-00000000000a'
const CALL = 'b3e1f1a0-0000-4000-8000-000000000001'
const ID = 'b3e1f1a0-0000-4000-8000-00000000000f'
const by = { zh: '带班长', en: 'Chief' }
const admit: SeatOrder = { kind: 'admit', id: ID, call: CALL, mode: 'listen', told: false, by, offer: 'v=0' }

describe('a seat that others act on', () => {
  it('tells its calls once the hub has named it, and again only when they change', () => {
    const { told, order, telephone } = seat()
    expect(told).toEqual([])
    order({ kind: 'attending', seat: SEAT })
    telephone.set({ ...telephone.value })
    telephone.set(withCall('held'))
    telephone.set(withCall('ended'))
    expect(told.map(({ seat: name, calls }) => [name, calls.map(({ state }) => state)])).toEqual([
      [SEAT, ['talking']],
      [SEAT, ['held']],
      [SEAT, []],
    ])
  })

  it('tells nothing when the hub is gone, nor when it is back until it has named the seat anew', () => {
    const { told, order, telephone, attend, lose } = seat()
    order({ kind: 'attending', seat: SEAT })
    lose()
    telephone.set(withCall('held'))
    attend()
    telephone.set(withCall('holding'))
    expect(told).toHaveLength(1)
    order({ kind: 'attending', seat: ID })
    expect(told[1]).toMatchObject({ seat: ID, calls: [{ state: 'holding' }] })
  })

  it('lets a supervisor in, and shows the officer no more than they are to know', async () => {
    const { order, replies, present, admitted } = seat()
    order(admit)
    await expect.poll(() => replies).toEqual([{ kind: 'done', id: ID, voice: 'v=0 answer' }])
    expect(present()).toEqual([])
    order({ kind: 'change', id: ID, mode: 'whisper', told: true })
    expect(present()).toMatchObject([{ call: CALL, mode: 'whisper', by }])
    expect(admitted.modes).toEqual(['whisper'])
    order({ kind: 'end', id: ID, how: 'ended' })
    expect([present(), admitted.left]).toEqual([[], 1])
  })

  it('has nobody in a call when the end has overtaken the beginning', async () => {
    const { order, admitted, replies } = seat()
    order({ ...admit, told: true })
    order({ kind: 'end', id: ID, how: 'asker-gone' })
    await expect.poll(() => replies).toHaveLength(1)
    expect(admitted.left).toBe(1)
  })

  it('has everybody out of its calls when the hub is gone', async () => {
    const { order, admitted, replies, present, lose } = seat()
    order({ ...admit, told: true })
    await expect.poll(() => replies).toHaveLength(1)
    lose()
    expect([present(), admitted.left]).toEqual([[], 1])
  })

  it('tells the hub when a call ends that somebody is in', async () => {
    const { order, admitted, replies, ended, present } = seat()
    order({ ...admit, told: true })
    await expect.poll(() => replies).toHaveLength(1)
    admitted.callOver()
    expect([ended, present()]).toEqual([[ID], []])
  })

  it('says why it can’t, in words that the hub takes', async () => {
    const { order, replies, voice, troubles } = seat()
    voice.admit = () => Promise.reject(new Refusal('call-over'))
    order(admit)
    await expect.poll(() => replies).toHaveLength(1)
    voice.passOn = () => Promise.reject(new Refusal('exchange-refused', { code: 480, why: 'x'.repeat(500) }))
    order({ kind: 'pass-on', id: ID, call: CALL, by, number: '8000' })
    await expect.poll(() => replies).toHaveLength(2)
    voice.admit = () => Promise.reject(new Error('no ports'))
    order(admit)
    await expect.poll(() => replies).toHaveLength(3)
    expect(replies).toMatchObject([
      { kind: 'refused', code: 'call-over' },
      { kind: 'refused', code: 'exchange-refused', particulars: { code: 480, why: 'x'.repeat(200) } },
      { kind: 'refused', code: 'seat-unreachable', particulars: {} },
    ])
    expect(troubles).toEqual(['doing what the hub asks'])
  })

  it('tells the officer what has been done to a call, by whom and why', async () => {
    const { order, notes, voice, hangUp, replies } = seat()
    order({ kind: 'release', id: ID, call: CALL, by, reason: 'line needed' })
    order({ kind: 'pass-on', id: ID, call: CALL, by, number: '8000' })
    await expect.poll(() => replies).toHaveLength(2)
    voice.passOn = () => Promise.reject(new Refusal('exchange-refused'))
    order({ kind: 'pass-on', id: ID, call: CALL, by, number: '8000' })
    await expect.poll(() => replies).toHaveLength(3)
    expect(hangUp).toHaveBeenCalledWith(CALL)
    expect(notes).toMatchObject([
      { kind: 'released', number: '13900000001', by, reason: 'line needed' },
      { kind: 'picked-up', by, reason: null },
      { kind: 'pick-up-failed', by },
    ])
  })
})

const withCall = (state: CallState): Telephone => ({
  ...noTelephone,
  calls: [
    {
      id: CALL,
      line: 'line',
      direction: 'in',
      number: '13900000001',
      name: null,
      unit: null,
      priority: false,
      state,
      since: 0,
      startedAt: 0,
      answeredAt: null,
      heldThere: false,
      muted: false,
      conference: null,
      group: null,
      heard: true,
      quality: null,
      end: null,
    },
  ],
})

/** A seat that talks in one call, at a hub that keeps what it is told. */
function seat() {
  const telephone = new Watched<Telephone>(withCall('talking'))
  const told: { seat: string; calls: SeatCall[] }[] = []
  const [replies, ended, notes, troubles]: [OrderReply[], string[], SeatNote[], string[]] = [[], [], [], []]
  let present: readonly PresentInCall[] = []
  const admitted = { left: 0, modes: [] as string[], callOver: (): void => undefined }
  const hub = {
    tellCalls: { mutate: async (calls: (typeof told)[number]) => void told.push(calls) },
    reply: { mutate: async (reply: OrderReply) => void replies.push(reply) },
    endAct: { mutate: async ({ id }: { id: string }) => void ended.push(id) },
  } as unknown as Ask
  const hangUp = vi.fn(async () => undefined)
  const voice = {
    admit: async (_into: object, onCallOver: () => void): Promise<AdmittedVoice> => {
      admitted.callOver = onCallOver
      return {
        answer: 'v=0 answer',
        setMode: (mode) => admitted.modes.push(mode),
        leave: () => {
          admitted.left++
        },
      }
    },
    passOn: async (): Promise<void> => undefined,
    expect: async () => () => undefined,
    reachOut: () => Promise.reject(new Error('this seat asks for nothing')),
  }
  const supervised = openSupervised({
    clock: () => 0,
    telephone,
    calls: { hangUp },
    voice: {
      ...voice,
      admit: (into, onCallOver) => voice.admit(into, onCallOver),
      passOn: () => voice.passOn(),
    },
    onPresent: (next) => {
      present = next
    },
    onNote: (note) => notes.push(note),
    onTrouble: (what) => troubles.push(what),
  })
  const lose = supervised.attend()
  const order = (what: SeatOrder) => supervised.take(hub, what)
  return {
    telephone,
    told,
    replies,
    ended,
    notes,
    troubles,
    admitted,
    voice,
    hangUp,
    lose,
    attend: () => supervised.attend(),
    order,
    present: () => present,
  }
}
