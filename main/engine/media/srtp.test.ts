import { describe, expect, it } from 'vitest'
import { SrtcpSession, SrtpSession } from 'werift'
import { writeRtcp } from './rtcp.ts'
import { parseRtp, writeRtp } from './rtp.ts'
import { KEY_MATERIAL_BYTES, Opening, Sealing } from './srtp.ts'

const material = (octet: number) => new Uint8Array(KEY_MATERIAL_BYTES).fill(octet)
const way = () => [new Sealing(material(7)), new Opening(material(7))] as const

const packet = (sequence: number, ssrc = 1) =>
  writeRtp({
    marker: false,
    payloadType: 0,
    sequence: sequence & 0xffff,
    timestamp: 1,
    ssrc,
    payload: Buffer.from(`number ${sequence}`),
  })
const report = (ssrc: number) => writeRtcp({ ssrc, sender: undefined, reports: [] }, 'a')

const textIn = (bytes: Buffer | undefined) => bytes && Buffer.from(parseRtp(bytes)?.payload ?? []).toString()

describe('a protected stream', () => {
  it('is what another library reads and writes', () => {
    const master = Buffer.from('E1F97A0D3E018BE0D64FA32C06DE41390EC675AD498AFEEBB6960B3AABE6', 'hex')
    const sealed = new Sealing(master).seal(packet(1))
    const theirs = new SrtpSession(sessionOf(master))
    expect(theirs.decrypt(sealed).equals(packet(1))).toBe(true)
    const reports = new SrtcpSession(sessionOf(master))
    expect(reports.decrypt(new Sealing(master).sealReport(report(9))).equals(report(9))).toBe(true)
    expect(new Opening(master).openReport(reports.encrypt(report(9)))?.equals(report(9))).toBe(true)
  })

  it('is read by whom it is for, over the wrap and out of order', () => {
    const [sealing, opening] = way()
    const sealed = Array.from({ length: 20 }, (_, at) => sealing.seal(packet(65_526 + at)))
    const order = [0, 2, 1, ...Array.from({ length: 7 }, (_, at) => at + 3), 11, 10, 12, 13]
    const read = order.map((at) => textIn(opening.open(sealed[at] ?? Buffer.alloc(0))))
    expect(read).toEqual(order.map((at) => `number ${65_526 + at}`))
  })

  it('is read again after a long loss over the wrap', () => {
    const [sealing, opening] = way()
    const sealed = [50_000, 79_999].map((sequence) => sealing.seal(packet(sequence)))
    expect(sealed.map((each) => textIn(opening.open(each)))).toEqual(['number 50000', 'number 79999'])
  })

  it('is read by nobody else, nor with a bit changed', () => {
    const [sealing, opening] = way()
    const sealed = sealing.seal(packet(1))
    expect(new Opening(material(8)).open(sealed)).toBeUndefined()
    for (let at = 0; at < sealed.length; at++) {
      const forged = Buffer.from(sealed)
      forged[at] = (forged[at] ?? 0) ^ 1
      expect(opening.open(forged)).toBeUndefined()
    }
    expect(sealed.includes('number')).toBe(false)
    expect(textIn(opening.open(sealed))).toBe('number 1')
  })

  it('goes on undisturbed while strangers send what looks like it', () => {
    const [sealing, opening] = way()
    const strangers = new Sealing(material(9))
    for (let at = 0; at < 40; at++) {
      expect(textIn(opening.open(sealing.seal(packet(65_530 + at))))).toBe(`number ${65_530 + at}`)
      expect(opening.open(strangers.seal(packet(at * 7_919)))).toBeUndefined()
      expect(opening.open(strangers.seal(packet(at, at + 2)))).toBeUndefined()
    }
  })

  it('cannot be played again, voice or report', () => {
    const [sealing, opening] = way()
    const packets = Array.from({ length: 200 }, (_, at) => sealing.seal(packet(at)))
    const reports = Array.from({ length: 200 }, () => sealing.sealReport(report(1)))
    const admitted = () => [
      packets.filter((each) => opening.open(each) !== undefined).length,
      reports.filter((each) => opening.openReport(each)?.equals(report(1))).length,
    ]
    expect(admitted()).toEqual([200, 200])
    expect(admitted()).toEqual([0, 0])
  })

  it('takes rubbish of any length', () => {
    const [, opening] = way()
    for (let length = 0; length < 60; length++)
      for (const octet of [0x80, 0x9f, 0xff]) {
        expect(opening.open(Buffer.alloc(length, octet))).toBeUndefined()
        expect(opening.openReport(Buffer.alloc(length, octet))).toBeUndefined()
      }
  })
})

/** The same keys in a library that browsers are spoken to with. */
function sessionOf(master: Buffer) {
  const [key, salt] = [master.subarray(0, 16), master.subarray(16)]
  return {
    keys: { localMasterKey: key, localMasterSalt: salt, remoteMasterKey: key, remoteMasterSalt: salt },
    profile: 1 as const,
  }
}
