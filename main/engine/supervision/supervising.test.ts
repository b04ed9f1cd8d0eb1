import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Refusal } from '../../../contract/refusal.ts'
import type { OwnSupervision, SeatNote } from '../../../contract/seat-supervision.ts'
import type { BoardSeat } from '../../../contract/supervision.ts'
import { type CallState, noTelephone, type Telephone } from '../../../contract/telephony.ts'
import { Watched } from '../../../contract/watched.ts'
import type { Ask } from './supervised.ts'
import { openSupervising } from './supervising.ts'

const SEAT = 'b3e1f1a0-0000-4000-8000-00000000000a'
const THERE = 'b3e1f1a0-0000-4000-8000-000000000001'
const ID = 'b3e1f1a0-0000-4000-8000-00000000000f'
const NUMBER = '13900000001'
const asked = { seat: SEAT, call: THERE, reason: 'training' }

describe('the officer’s own supervision', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is asked of the hub, and the microphone goes there only where it is to be heard', async () => {
    const { supervising, hub, own, voice } = seat()
    const begun = supervising.begin(hub.ask, { ...asked, mode: 'listen' })
    await hub.answers()
    await begun
    expect(own()).toMatchObject({ mode: 'listen', state: 'on', name: { en: 'North' } })
    expect(voice.open).toBe(false)
    const changed = supervising.setMode(hub.ask, 'barge')
    expect(own()).toMatchObject({ mode: 'listen', state: 'changing' })
    await changed
    expect(voice.open).toBe(true)
    const back = supervising.setMode(hub.ask, 'whisper')
    // What is meant for the officer alone must not be heard by all.
    expect(voice.open).toBe(false)
    await back
    expect(voice.open).toBe(true)
  })

  it('holds what is talked here when it is to be heard there, and is silent there while somebody talks here', async () => {
    const { supervising, hub, own, voice, telephone, hold } = seat(['talking'])
    const begun = supervising.begin(hub.ask, { ...asked, mode: 'barge' })
    await vi.waitFor(() => expect(hold).toHaveBeenCalledWith('own-0'))
    telephone.set(withCalls(['held']))
    await hub.answers()
    await begun
    expect(voice.open).toBe(true)
    telephone.set(withCalls(['talking']))
    expect([voice.open, own()?.elsewhere]).toEqual([false, true])
    telephone.set(withCalls(['holding']))
    expect(voice.open).toBe(false)
    telephone.set(withCalls(['held']))
    expect([voice.open, own()?.elsewhere]).toEqual([true, false])
  })

  it('is over, and said to be, when its end comes before the word that it has begun', async () => {
    const { supervising, hub, own, voice, notes } = seat()
    const begun = supervising.begin(hub.ask, { ...asked, mode: 'listen' })
    await vi.waitFor(() => expect(own()?.state).toBe('asking'))
    supervising.ended(ID, 'call-over')
    await hub.answers()
    await begun
    expect(own()).toBeNull()
    expect(voice.closed).toBe(true)
    expect(notes).toMatchObject([{ kind: 'supervision-over', how: 'call-over', number: NUMBER }])
  })

  it('that is left before the other seat has agreed is ended as soon as it has', async () => {
    const { supervising, hub, own, voice, notes } = seat()
    const begun = supervising.begin(hub.ask, { ...asked, mode: 'listen' })
    await vi.waitFor(() => expect(own()?.state).toBe('asking'))
    await supervising.end(hub.ask)
    expect([own(), voice.closed]).toEqual([null, true])
    await hub.answers()
    await begun
    expect(hub.ended).toEqual([ID])
    expect(notes).toEqual([])
  })

  it('that ends while the voice is being joined stays over, and says nothing of one that has begun since', async () => {
    const { supervising, hub, own, voice } = seat()
    voice.accept = async () => {
      supervising.ended(ID, 'no-longer-allowed')
      expect([own(), voice.closed, voice.open]).toEqual([null, true, false])
      void supervising.begin(hub.ask, { ...asked, mode: 'barge' })
      await vi.waitFor(() => expect(own()?.state).toBe('asking'))
    }
    const begun = supervising.begin(hub.ask, { ...asked, mode: 'barge' })
    await hub.answers()
    await begun
    expect([own()?.state, voice.open]).toEqual(['asking', false])
  })

  it('that is refused leaves nothing behind', async () => {
    const { supervising, hub, own, voice } = seat()
    const begun = supervising.begin(hub.ask, { ...asked, mode: 'listen' })
    void hub.refuses(new Refusal('forbidden', { capability: 'listen' }))
    await expect(begun).rejects.toMatchObject({ code: 'forbidden' })
    expect([own(), voice.closed]).toEqual([null, true])
  })

  it('is over at once when the hub can’t be reached any more', async () => {
    const { supervising, hub, own, voice, notes } = seat()
    const begun = supervising.begin(hub.ask, { ...asked, mode: 'whisper' })
    await hub.answers()
    await begun
    supervising.ended(undefined, 'asker-gone')
    expect([own(), voice.closed]).toEqual([null, true])
    expect(notes).toMatchObject([{ how: 'asker-gone' }])
  })

  it('says when nothing comes from there', async () => {
    const { supervising, hub, own, voice } = seat()
    const begun = supervising.begin(hub.ask, { ...asked, mode: 'listen' })
    await hub.answers()
    await begun
    voice.silence = 3_001
    await vi.advanceTimersByTimeAsync(1_000)
    expect(own()?.silent).toBe(true)
    voice.silence = 20
    await vi.advanceTimersByTimeAsync(1_000)
    expect(own()?.silent).toBe(false)
  })
})

describe('a caller who waits elsewhere', () => {
  it('and here too is just answered', async () => {
    const { supervising, hub, answer, expected } = seat(['waiting'])
    await supervising.pickUp(hub.ask, { seat: SEAT, call: THERE })
    expect(answer).toHaveBeenCalledWith('own-0')
    expect(expected).toEqual([])
  })

  it('is expected no more when the hub refuses', async () => {
    const { supervising, hub, expected } = seat()
    hub.pickUp = () => Promise.reject(new Refusal('exchange-refused', { code: 480, why: 'x' }))
    const picked = supervising.pickUp(hub.ask, { seat: SEAT, call: THERE })
    await expect(picked).rejects.toMatchObject({ code: 'exchange-refused' })
    expect(expected).toEqual([`${NUMBER} expected`, `${NUMBER} forgotten`])
  })
})

const withCalls = (states: readonly CallState[]): Telephone => ({
  ...noTelephone,
  calls: states.map((state, at) => ({
    id: `own-${at}`,
    line: 'line',
    direction: 'in',
    number: NUMBER,
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
  })),
})

const board: readonly BoardSeat[] = [
  {
    seat: SEAT,
    account: 'north',
    name: { zh: '北', en: 'North' },
    calls: [
      {
        id: THERE,
        line: '8001',
        direction: 'in',
        number: NUMBER,
        unit: null,
        state: 'talking',
        since: 0,
        priority: false,
        conference: null,
        acts: ['listen', 'whisper', 'barge', 'release'],
      },
    ],
  },
]

/** A seat with these calls of its own, a hub that answers when it is told to, and a voice that can be looked at. */
function seat(states: readonly CallState[] = []) {
  const telephone = new Watched<Telephone>(withCalls(states))
  const notes: SeatNote[] = []
  const expected: string[] = []
  const [hold, answer] = [vi.fn(async () => undefined), vi.fn(async () => undefined)]
  let own: OwnSupervision | null = null
  const voice = { open: false, closed: false, silence: 0, accept: async (): Promise<void> => undefined }
  let settle: ((outcome: Promise<{ id: string; answer: string }>) => void) | undefined
  const hub = {
    ended: [] as string[],
    pickUp: async (): Promise<void> => undefined,
    ask: {
      supervise: {
        mutate: () =>
          new Promise((resolve) => {
            settle = resolve
          }),
      },
      changeMode: { mutate: async () => undefined },
      endAct: { mutate: async ({ id }: { id: string }) => void hub.ended.push(id) },
      pickUp: { mutate: () => hub.pickUp() },
    } as unknown as Ask,
    answers: () => answered(Promise.resolve({ id: ID, answer: 'v=0' })),
    refuses: (refusal: Refusal) => answered(Promise.reject(refusal)),
  }
  const answered = async (outcome: Promise<{ id: string; answer: string }>) => {
    outcome.catch(() => undefined)
    await vi.waitFor(() => expect(settle).toBeDefined())
    settle?.(outcome)
  }
  const supervising = openSupervising({
    clock: () => 0,
    telephone,
    calls: { hold, answer },
    hubHost: () => '127.0.0.1',
    board: () => board,
    onOwn: (next) => {
      own = next
    },
    onNote: (note) => notes.push(note),
    voice: {
      admit: () => Promise.reject(new Error('nobody comes')),
      passOn: () => Promise.reject(new Error('nobody goes')),
      expect: async (number) => {
        expected.push(`${number} expected`)
        return () => expected.push(`${number} forgotten`)
      },
      reachOut: async () => ({
        offer: 'v=0',
        accept: () => voice.accept(),
        setOpen: (open) => {
          voice.open = open
        },
        silentMs: () => voice.silence,
        close: () => {
          voice.closed = true
          voice.open = false
        },
      }),
    },
  })
  return { supervising, hub, own: () => own, voice, notes, telephone, hold, answer, expected }
}
