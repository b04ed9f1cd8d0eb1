import { describe, expect, it } from 'vitest'
import { writeRtcp } from './rtcp.ts'
import { parseRtp, writeRtp } from './rtp.ts'
import { KEY_MATERIAL_BYTES } from './sdes.ts'
import { Protection } from './srtp.ts'

const [here, there] = [7, 8].map((octet) => new Uint8Array(KEY_MATERIAL_BYTES).fill(octet)) as [
  Uint8Array,
  Uint8Array,
]

const pair = () =>
  [new Protection({ send: here, receive: there }), new Protection({ send: there, receive: here })] as const

const packet = (sequence: number) =>
  writeRtp({
    marker: false,
    payloadType: 0,
    sequence: sequence & 0xffff,
    timestamp: 1,
    ssrc: 1,
    payload: Buffer.from(`number ${sequence}`),
  })

const textIn = (bytes: Buffer | undefined) => bytes && Buffer.from(parseRtp(bytes)?.payload ?? []).toString()

describe('a protected stream', () => {
  it('is read by whom it is for, over the wrap and out of order', () => {
    const [a, b] = pair()
    const protectedPackets = Array.from({ length: 20 }, (_, at) => a.protect(packet(65_526 + at)))
    const order = [0, 2, 1, ...Array.from({ length: 17 }, (_, at) => at + 3)]
    const read = order.map((at) => textIn(b.unprotect(protectedPackets[at] ?? Buffer.alloc(0))))
    expect(read).toEqual(order.map((at) => `number ${65_526 + at}`))
  })

  it('is read by nobody else, nor with a bit changed', () => {
    const [a, b] = pair()
    const bytes = a.protect(packet(1))
    expect(a.unprotect(bytes)).toBeUndefined()
    for (let at = 0; at < bytes.length; at++) {
      const forged = Buffer.from(bytes)
      forged[at] = (forged[at] ?? 0) ^ 1
      expect(b.unprotect(forged)).toBeUndefined()
    }
    expect(bytes.includes('number')).toBe(false)
  })

  it('cannot be played again', () => {
    const [a, b] = pair()
    const bytes = Array.from({ length: 200 }, (_, at) => a.protect(packet(at)))
    expect(bytes.filter((each) => b.unprotect(each) !== undefined)).toHaveLength(200)
    expect(bytes.filter((each) => b.unprotect(each) !== undefined)).toHaveLength(0)
  })

  it('has protected reports', () => {
    const [a, b] = pair()
    const report = writeRtcp({ ssrc: 1, sender: undefined, reports: [] }, 'a')
    const bytes = a.protectRtcp(report)
    expect(bytes.equals(report)).toBe(false)
    expect(b.unprotectRtcp(bytes)?.equals(report)).toBe(true)
    expect(a.unprotectRtcp(bytes)).toBeUndefined()
  })
})
