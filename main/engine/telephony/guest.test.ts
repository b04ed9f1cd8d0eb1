import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { soundOf } from '../../../tests/support/ear.ts'
import { loudness, shareOf, sine } from '../../../tests/support/tone.ts'
import { Bridge } from '../media/bridge.ts'
import type { Leg, VoicePacket } from '../media/leg.ts'
import { PlayerLeg } from '../media/player-leg.ts'
import { Guest } from './guest.ts'
import { PatchedIn } from './patched-in.ts'

const [OFFICER, CALLER, CHIEF] = [500, 900, 1_300]

describe('a guest in a conversation', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it.each([
    ['listen', []],
    ['whisper', ['officer']],
    ['barge', ['officer', 'caller']],
  ] as const)('hears everybody, and when it is to %s is heard by %j', async (mode, by) => {
    const { officer, caller, room } = conversation()
    const chief = new Talker(CHIEF)
    const guest = new Guest(chief.leg, 'listen', () => undefined)
    guest.enter(room)
    guest.setMode(mode)
    await settled()
    expect(await chief.hears(OFFICER)).toBe(true)
    expect(await chief.hears(CALLER)).toBe(true)
    expect(await officer.hears(CHIEF)).toBe(by.some((who) => who === 'officer'))
    expect(await caller.hears(CHIEF)).toBe(by.some((who) => who === 'caller'))
  })

  it.each([['listen'], ['listen', 'whisper'], ['barge', 'listen'], ['barge']] as const)(
    'hears nothing any more when it leaves, however it was in the call before: %j',
    async (first, second?: 'listen' | 'whisper') => {
      const { room } = conversation()
      const chief = new Talker(CHIEF)
      const guest = new Guest(chief.leg, first, () => undefined)
      guest.enter(room)
      if (second !== undefined) guest.setMode(second)
      await settled()
      expect(await chief.hears(OFFICER)).toBe(true)
      guest.leave()
      await settled()
      expect(await chief.hears(OFFICER)).toBe(false)
      expect(room.bridge.size).toBe(2)
    },
  )

  it('goes along into another conversation, as it was, and is out of the first', async () => {
    const [before, after] = [conversation(), conversation()]
    const guest = new Guest(new Talker(CHIEF).leg, 'whisper', () => undefined)
    guest.enter(before.room)
    guest.enter(after.room)
    await settled()
    expect(before.room.bridge.size).toBe(2)
    expect(await after.officer.hears(CHIEF)).toBe(true)
    expect(await after.caller.hears(CHIEF)).toBe(false)
  })

  it('tells when the call is over, and not when it leaves', () => {
    const { room } = conversation()
    const over = vi.fn()
    const left = vi.fn()
    const [first, second] = [
      new Guest(new Talker(CHIEF).leg, 'barge', over),
      new Guest(new Talker(CHIEF).leg, 'barge', over),
    ]
    for (const guest of [first, second]) {
      guest.onLeave(left)
      guest.enter(room)
    }
    first.leave()
    expect(over).not.toHaveBeenCalled()
    second.callOver()
    expect(over).toHaveBeenCalledOnce()
    expect(left).toHaveBeenCalledTimes(2)
    expect(room.bridge.size).toBe(2)
  })
})

describe('a radio channel in a conversation', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('hears everybody and is heard by all but the officer, who has it in the ear already, wherever that goes', async () => {
    const [before, after] = [conversation(), conversation()]
    const channel = new Talker(CHIEF)
    const patched = new PatchedIn(channel.leg, true, () => undefined)
    patched.enter(before.room)
    patched.enter(after.room)
    await settled()
    expect(before.room.bridge.size).toBe(2)
    expect(await channel.hears(CALLER)).toBe(true)
    expect(await channel.hears(OFFICER)).toBe(true)
    expect(await after.caller.hears(CHIEF)).toBe(true)
    expect(await after.officer.hears(CHIEF)).toBe(false)
  })

  it('is out of it when the call is over, and tells', () => {
    const { room } = conversation()
    const over = vi.fn()
    const patched = new PatchedIn(new Talker(CHIEF).leg, true, over)
    patched.enter(room)
    patched.callOver()
    expect(over).toHaveBeenCalledOnce()
    expect(room.bridge.size).toBe(2)
  })
})

const settled = () => vi.advanceTimersByTimeAsync(200)

/** Says one frequency, and can be asked whether it hears another. */
class Talker {
  readonly leg: Leg
  #told: VoicePacket[] = []

  constructor(frequency: number) {
    const player = new PlayerLeg({ samples: sine(frequency, 8_000, 0, 0.1), loop: true })
    this.leg = {
      onVoice: (listener) => player.onVoice(listener),
      send: (packet) => void this.#told.push(packet),
    }
  }

  async hears(frequency: number): Promise<boolean> {
    this.#told = []
    await vi.advanceTimersByTimeAsync(300)
    const heard = soundOf(this.#told)
    return loudness(heard) > 0.01 && shareOf(frequency, heard) > 0.1
  }
}

function conversation() {
  const bridge = new Bridge()
  const [officer, caller] = [new Talker(OFFICER), new Talker(CALLER)]
  bridge.add(officer.leg)
  bridge.add(caller.leg)
  return { officer, caller, room: { bridge, officer: officer.leg } }
}
