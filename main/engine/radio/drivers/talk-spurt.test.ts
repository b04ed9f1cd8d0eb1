import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SpurtPacket, TalkSpurt } from './talk-spurt.ts'

const NORTH = 1
const SOUTH = 2
const voice = (ssrc: number): SpurtPacket => ({ ssrc, silent: false })
const silence = (ssrc: number): SpurtPacket => ({ ssrc, silent: true })

describe('a talk-spurt', () => {
  it('begins with the first packet and is over when none has come for 300 ms', () => {
    const spurt = new TalkSpurt()
    expect(spurt.take(voice(NORTH), 0)).toBe('begun')
    expect(spurt.take(voice(NORTH), 20)).toBe('heard')
    expect(spurt.isOver(319)).toBe(false)
    expect(spurt.isOver(320)).toBe(true)
    expect(spurt.isOver(400)).toBe(false)
  })

  it('belongs to whoever began it; another is heard once it is over, in the middle of a word', () => {
    const spurt = new TalkSpurt()
    spurt.take(voice(NORTH), 0)
    expect(spurt.take(voice(SOUTH), 20)).toBe('left-out')
    expect(spurt.take(voice(NORTH), 30)).toBe('heard')
    expect(spurt.take(voice(SOUTH), 329)).toBe('left-out')
    expect(spurt.take(voice(SOUTH), 330)).toBe('begun')
    expect(spurt.talker).toBe(SOUTH)
  })

  it('is over at once when its source takes its leave, and only then', () => {
    const spurt = new TalkSpurt()
    spurt.take(voice(NORTH), 0)
    expect(spurt.leave(SOUTH)).toBe(false)
    expect(spurt.leave(NORTH)).toBe(true)
    expect(spurt.take(voice(SOUTH), 20)).toBe('begun')
  })

  it('outlasts a breath of digital silence, but not a gateway that sends it for ever', () => {
    const spurt = new TalkSpurt()
    spurt.take(voice(NORTH), 0)
    for (let now = 20; now < 2_000; now += 20) expect(spurt.take(silence(NORTH), now)).toBe('heard')
    expect(spurt.isOver(2_000)).toBe(true)
    expect(spurt.take(silence(NORTH), 2_020)).toBe('left-out')
    expect(spurt.take(voice(NORTH), 2_040)).toBe('begun')
  })

  it('after minutes in which nothing came begins with its first packet, whoever says it', () => {
    const spurt = new TalkSpurt()
    spurt.take(voice(NORTH), 0)
    expect(spurt.isOver(320)).toBe(true)
    expect(spurt.take(voice(NORTH), 600_000)).toBe('begun')
    expect(spurt.isOver(600_300)).toBe(true)
    expect(spurt.take(voice(SOUTH), 1_200_000)).toBe('begun')
  })

  it('has a deadline at which it is over, whatever came before', () => {
    const packet = fc.tuple(
      fc.integer({ min: 0, max: 500 }),
      fc.record({ ssrc: fc.constantFrom(NORTH, SOUTH), silent: fc.boolean() }),
    )
    fc.assert(
      fc.property(fc.array(packet), (packets) => {
        const spurt = new TalkSpurt()
        let now = 0
        for (const [later, each] of packets) {
          now += later
          spurt.take(each, now)
        }
        const { deadline, talker } = spurt
        expect(deadline === undefined).toBe(talker === undefined)
        if (deadline === undefined) return
        expect(spurt.isOver(deadline - 1)).toBe(false)
        expect(spurt.isOver(deadline)).toBe(true)
      }),
    )
  })
})
