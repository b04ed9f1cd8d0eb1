import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  heartbeat,
  protocolVersion,
  readMessage,
  readPacket,
  response,
  selectTalkgroup,
  writePacket,
} from './messages.ts'

const bytes = (hex: string) => Buffer.from(hex, 'hex')

describe('what a reflector says', () => {
  /** As SvxLink's reflector 19.09.2 sent it. */
  it.each([
    ['0001', { kind: 'heartbeat' }],
    [
      '000a0014b309de92f50cc11878e25590c4e250adaa9664d7',
      { kind: 'challenge', challenge: Uint8Array.from(bytes('b309de92f50cc11878e25590c4e250adaa9664d7')) },
    ],
    ['000c', { kind: 'welcome' }],
    ['000d000d4163636573732064656e696564', { kind: 'error', text: 'Access denied' }],
    [
      '0064000000010002000457462d31000457462d32000100044f505553',
      { kind: 'server-info', client: 1, codecs: ['OPUS'] },
    ],
    ['0066000457462d32', { kind: 'other' }],
    ['0068000457462d31', { kind: 'talker-start', talkgroup: null, callsign: 'WF-1' }],
    ['0069000457462d31', { kind: 'talker-stop', talkgroup: null, callsign: 'WF-1' }],
  ])('%s', (hex, message) => {
    expect(readMessage(bytes(hex), 1)).toEqual(message)
  })

  it('names the talkgroup from protocol 2 on, and may ask for an older protocol', () => {
    expect(readMessage(bytes('006800000bb8000457462d31'), 2)).toEqual({
      kind: 'talker-start',
      talkgroup: 3000,
      callsign: 'WF-1',
    })
    expect(readMessage(bytes('000600010000'), 2)).toEqual({ kind: 'downgrade' })
  })

  it.each([
    ['is cut off', '000a0014b309de92'],
    ['has a challenge of another length', '000a0002b309'],
    ['names nobody', '00680000'],
    ['names somebody with control characters', '006800025707'],
    ['names somebody at great length', `00680041${'57'.repeat(65)}`],
  ])('is nothing if it %s', (_what, hex) => {
    expect(readMessage(bytes(hex), 1)).toBeUndefined()
  })

  it('is read whatever it is, and nothing is read past its end', () => {
    const whatever = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc
        .tuple(fc.constantFrom(1, 6, 10, 12, 13, 100, 104, 105), fc.uint8Array({ maxLength: 80 }))
        .map(([type, rest]) => Uint8Array.of(0, type, ...rest)),
    )
    fc.assert(
      fc.property(whatever, fc.constantFrom(1 as const, 2 as const), (octets, protocol) => {
        const message = readMessage(octets, protocol)
        const padded = readMessage(
          Buffer.concat([octets, Buffer.alloc(200, 0x41)]).subarray(0, octets.length),
          protocol,
        )
        expect(padded).toEqual(message)
        if (message !== undefined && 'callsign' in message)
          expect(message.callsign).toMatch(/^[^\p{Cc}]{1,64}$/u)
      }),
      { numRuns: 5_000 },
    )
  })
})

describe('what a seat says', () => {
  it('is as SvxLink writes it', () => {
    expect(heartbeat).toEqual(bytes('0001'))
    expect(protocolVersion(2)).toEqual(bytes('000500020000'))
    expect(selectTalkgroup(3000)).toEqual(bytes('006a00000bb8'))
  })

  it('proves that it knows the password by HMAC-SHA1 of the challenge', () => {
    // RFC 2202, 3, test case 2.
    const said = response('WF-1', 'Jefe', Buffer.from('what do ya want for nothing?'))
    expect(said).toEqual(bytes('000b000457462d310014effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'))
  })
})

describe('packets', () => {
  /** As SvxLink's reflector 19.09.2 sent them to its client 1. */
  it.each([
    ['000100010000', { kind: 'heartbeat', sequence: 0 }],
    ['0065000100010003f8fffe', { kind: 'audio', sequence: 1, payload: Uint8Array.of(0xf8, 0xff, 0xfe) }],
    ['00670001000b', { kind: 'flushed', sequence: 11 }],
    ['00660001000c', { kind: 'flush', sequence: 12 }],
  ])('%s', (hex, packet) => {
    expect(readPacket(bytes(hex), 1)).toEqual(packet)
  })

  it('for another client, or without sound, are none', () => {
    expect(readPacket(bytes('000100020000'), 1)).toBeUndefined()
    expect(readPacket(bytes('0065000100010000'), 1)).toBeUndefined()
    expect(readPacket(bytes('0065000100010003f8ff'), 1)).toBeUndefined()
  })

  it('are read as they were written', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 0xffff }),
        fc.nat({ max: 0xffff }),
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        (client, sequence, payload) => {
          expect(readPacket(writePacket('audio', client, sequence, payload), client)).toEqual({
            kind: 'audio',
            sequence,
            payload,
          })
          expect(readPacket(writePacket('flush', client, sequence), client)).toEqual({
            kind: 'flush',
            sequence,
          })
        },
      ),
    )
  })

  it('are read whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat({ max: 3 }), (octets, client) => {
        const packet = readPacket(octets, client)
        if (packet?.kind === 'audio') expect(packet.payload.length).toBeLessThanOrEqual(octets.length - 8)
      }),
      { numRuns: 5_000 },
    )
  })
})
