import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinedEnds, loopingPatches, makesLoop, type PatchSurroundings } from './patch-rules.ts'
import type { PatchEnd } from './seat-radio.ts'

const alone: PatchSurroundings = { conferences: [], mediumOf: (channel) => channel }
const channel = (id: string): PatchEnd => ({ kind: 'channel', channel: id })
const call = (id: string): PatchEnd => ({ kind: 'call', call: id })
const [police, fire, medical, citizen] = [
  channel('police'),
  channel('fire'),
  channel('medical'),
  call('citizen'),
]

describe('a patch', () => {
  it('joins what does not hear one another yet', () => {
    expect(makesLoop([], [police, fire], alone)).toBe(false)
    expect(makesLoop([[police, fire]], [fire, citizen], alone)).toBe(false)
    expect(makesLoop([[police, fire]], [medical, citizen], alone)).toBe(false)
  })

  it.each([
    ['with itself', [], [police, police]],
    ['joined already', [[police, fire]], [fire, police]],
    [
      'joined by way of a third',
      [
        [police, fire],
        [fire, citizen],
      ],
      [citizen, police],
    ],
    ['one of three joined already', [[police, fire]], [medical, fire, police]],
  ] satisfies [string, PatchEnd[][], PatchEnd[]][])('is refused: %s', (_, patches, ends) => {
    expect(makesLoop(patches, ends, alone)).toBe(true)
  })

  it('is refused between calls of one conference, and between two names of one channel', () => {
    const conferring = { ...alone, conferences: [['citizen', 'other']] }
    expect(makesLoop([], [citizen, call('other')], conferring)).toBe(true)
    expect(makesLoop([[citizen, police]], [police, call('other')], conferring)).toBe(true)
    expect(makesLoop([], [police, fire], { ...alone, mediumOf: () => '239.1.1.1:5004' })).toBe(true)
  })

  it('that was made first stays when calls confer, and the later one makes the loop', () => {
    const [first, second] = [{ ends: [police, citizen] }, { ends: [police, call('other')] }]
    expect(loopingPatches([first, second], alone)).toEqual([])
    expect(loopingPatches([first, second], { ...alone, conferences: [['citizen', 'other']] })).toEqual([
      second,
    ])
  })

  it('makes one circle of all who hear one another, each in it once', () => {
    expect(
      joinedEnds([{ ends: [police, fire] }, { ends: [medical, call('x')] }, { ends: [fire, citizen] }]),
    ).toEqual([
      [police, fire, citizen],
      [medical, call('x')],
    ])
  })

  it('never lets anybody hear himself, whatever was patched in whatever order', () => {
    const anyEnd = fc.oneof(
      fc.integer({ min: 0, max: 6 }).map((id) => channel(`c${id}`)),
      fc.integer({ min: 0, max: 3 }).map((id) => call(`t${id}`)),
    )
    const anyPatch = fc.array(anyEnd, { minLength: 2, maxLength: 4 })
    fc.assert(
      fc.property(fc.array(anyPatch, { maxLength: 12 }), (asked) => {
        const made: PatchEnd[][] = []
        for (const ends of asked) if (!makesLoop(made, ends, alone)) made.push(ends)
        // A forest of n ends in c circles has n - c joints; one more would be a second way round.
        const circles = joinedEnds(made.map((ends) => ({ ends })))
        const ends = circles.reduce((sum, circle) => sum + circle.length, 0)
        const joints = made.reduce((sum, patch) => sum + patch.length - 1, 0)
        expect(joints).toBe(ends - circles.length)
      }),
    )
  })
})
