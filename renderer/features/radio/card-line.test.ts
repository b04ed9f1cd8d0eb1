import { describe, expect, it } from 'vitest'
import type { SeatChannel } from '../../../contract/seat-radio.ts'
import { seatChannel } from '../../../tests/support/seat-channel.ts'
import { lineOf, toneOf } from './card-line.ts'

const talker = { radio: '3107', unit: 'patrol-7', account: null }
const open = { squelch: 'open', since: 500, talker, emergency: false, signal: 0.6 } as const
const down = { state: 'down', since: 100, why: 'no answer' } as const
const heard = (keyed = false) => ({ monitored: true, keyed })
const says = (more: Partial<SeatChannel>, when = heard()) => {
  const line = lineOf(seatChannel(more), when)
  return [line.kind, toneOf(line)]
}

describe('a channel’s card', () => {
  it('says that nothing has been heard, or who was heard last', () => {
    expect(says({})).toEqual(['quiet', 'idle'])
    expect(says({ lastHeard: { talker, at: 900, ms: 40 } })).toEqual(['heard', 'idle'])
  })

  it('says who is heard, and that it is an emergency', () => {
    expect(says({ reception: open })).toEqual(['receiving', 'rx'])
    expect(says({ reception: { ...open, emergency: true } })).toEqual(['receiving', 'alarm'])
  })

  it('says which seat has the floor, where the channel tells nothing of it', () => {
    const seat = { radio: null, unit: null, account: 'duty-2' }
    const taken = { by: seat, emergency: false }
    expect(says({ taken })).toEqual(['taken', 'rx'])
    const nameless = { ...open, talker: { radio: null, unit: null, account: null } }
    const line = lineOf(seatChannel({ reception: nameless, taken }), heard())
    expect(line).toMatchObject({ kind: 'receiving', reception: { talker: seat } })
    expect(lineOf(seatChannel({ reception: open, taken }), heard())).toMatchObject({ reception: open })
  })

  it('says that the officer talks, whoever else is heard', () => {
    const talking = { state: 'talking', since: 900, until: 60_900, ending: false, emergency: false } as const
    expect(says({ reception: open, transmission: talking })).toEqual(['talking', 'tx'])
  })

  it('is not red before anything goes out', () => {
    expect(says({ transmission: { state: 'asking', since: 990 } })).toEqual(['asking', 'warn'])
    expect(says({}, heard(true))).toEqual(['asking', 'warn'])
  })

  it('names whoever the officer waits for', () => {
    const line = lineOf(
      seatChannel({ reception: open, transmission: { state: 'queued', since: 1, place: 2 } }),
      heard(),
    )
    expect(line).toEqual({ kind: 'queued', place: 2, talker })
  })

  it('says why nothing goes out, as long as the engine does', () => {
    const cut = { transmission: { state: 'cut', at: 1000, why: 'time-out' } } as const
    expect(says(cut, heard(true))).toEqual(['stopped', 'warn'])
    expect(says(cut)).toEqual(['stopped', 'warn'])
  })

  it('says that the link is away rather than what was heard before', () => {
    expect(says({ link: down, lastHeard: { talker, at: 900, ms: 40 } })).toEqual(['link', 'warn'])
    expect(says({ link: { ...down, state: 'connecting' } })).toEqual(['link', 'stale'])
  })

  it('is stale as long as the engine says nothing, or the officer does not listen', () => {
    expect(lineOf(undefined, heard())).toEqual({ kind: 'link', link: undefined })
    expect(toneOf(lineOf(undefined, { ...heard(), monitored: false }))).toBe('stale')
  })
})
