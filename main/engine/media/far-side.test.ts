import { describe, expect, it } from 'vitest'
import { FarSide } from './far-side.ts'

const said = { host: '192.0.2.1', port: 4_000 }
const beside = { host: '192.0.2.1', port: 4_002 }
const [stranger, other] = [
  { host: '198.51.100.1', port: 9_000 },
  { host: '198.51.100.2', port: 9_000 },
]

const described = () => {
  const side = new FarSide()
  side.describe(said)
  return side
}

/** Plain packets in a row from there: how many of them are heard. */
const heardOf = (side: FarSide, from: typeof said, count: number, first = 0) =>
  Array.from({ length: count }, (_, at) => side.see(from, (first + at) & 0xffff, false)).filter(Boolean)
    .length

describe('the far side', () => {
  it('is where the description says, until it speaks from elsewhere on its host', () => {
    const side = described()
    expect(side.address).toEqual(said)
    expect(heardOf(side, beside, 1)).toBe(1)
    expect(side.address).toEqual(beside)
  })

  it('behind a translator of addresses is heard after a few packets in a row', () => {
    const side = described()
    expect(heardOf(side, stranger, 8, 65_533)).toBe(4)
    expect(side.address).toEqual(stranger)
    expect(side.admits(other)).toBe(false)
  })

  it('is not whoever sends a packet now and then', () => {
    const side = described()
    for (let at = 0; at < 50; at++) expect(side.see(stranger, at * 3, false)).toBe(false)
    for (let at = 0; at < 50; at++)
      for (const each of [stranger, other]) expect(side.see(each, at, false)).toBe(false)
    expect(side.address).toEqual(said)
  })

  it('takes its stream back from whoever spoke first, and is heard alone then', () => {
    const side = described()
    heardOf(side, stranger, 10)
    expect(heardOf(side, beside, 1)).toBe(1)
    expect(heardOf(side, said, 1)).toBe(1)
    expect(side.address).toEqual(said)
    for (const each of [stranger, beside]) expect(heardOf(side, each, 10)).toBe(0)
  })

  it('that proves itself is heard at once', () => {
    expect(described().see(stranger, 1, true)).toBe(true)
  })

  it('is looked for anew at another address, and not at the same', () => {
    const side = described()
    heardOf(side, beside, 1)
    side.describe(said)
    expect(side.address).toEqual(beside)
    side.describe(other)
    expect(side.address).toEqual(other)
    expect(heardOf(side, beside, 1)).toBe(0)
  })

  it('without an address is sent nothing', () => {
    const side = described()
    side.describe(undefined)
    expect(side.address).toBeUndefined()
    expect(heardOf(side, stranger, 1)).toBe(1)
  })
})
