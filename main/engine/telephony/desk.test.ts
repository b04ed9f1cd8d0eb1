import { afterEach, describe, expect, it, vi } from 'vitest'
import type { VoiceSession } from '../media/session.ts'
import { CallVoice } from './call-voice.ts'
import { openDesk } from './desk.ts'
import { Guest, type GuestRoom } from './guest.ts'

describe('somebody from another seat', () => {
  const desk = openDesk({
    openConsoleLeg: () => ({
      open: false,
      send: () => undefined,
      onVoice: () => () => undefined,
      close: () => undefined,
    }),
  })
  const voice = () => new CallVoice(new Promise<VoiceSession>(() => undefined))
  afterEach(() => void vi.restoreAllMocks())

  it('goes where the call goes, and out of the desk with it', () => {
    const [one, other] = [desk.join('one', voice()), desk.join('other', voice())]
    const rooms: GuestRoom[] = []
    const enter = vi.spyOn(Guest.prototype, 'enter').mockImplementation((room) => void rooms.push(room))
    const over = vi.fn()
    const guest = new Guest({ send: () => undefined, onVoice: () => () => undefined }, 'listen', over)
    expect(desk.admit('one', guest)).toBe(true)
    one.moveTo(other)
    expect(enter).toHaveBeenCalledTimes(2)
    expect(rooms[1]).not.toBe(rooms[0])
    expect(over).not.toHaveBeenCalled()
    one.leave()
    expect(over).toHaveBeenCalledOnce()
    expect(desk.admit('one', guest)).toBe(false)
    other.leave()
  })

  it('is not let into a call that the officer is not in', () => {
    const guest = new Guest(
      { send: () => undefined, onVoice: () => () => undefined },
      'barge',
      () => undefined,
    )
    expect(desk.admit('nobody', guest)).toBe(false)
  })
})
