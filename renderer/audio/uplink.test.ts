import { describe, expect, it } from 'vitest'
import { uplinkOf } from './uplink.ts'

const offer = (...directions: string[]) =>
  [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    ...directions.flatMap((direction, at) => [
      `m=audio 9 UDP/TLS/RTP/SAVPF 0`,
      `a=mid:${at}`,
      `a=${direction}`,
    ]),
    '',
  ].join('\r\n')

describe('the stream that carries our sound', () => {
  it('is the first that the other side wants to receive', () => {
    expect(uplinkOf(offer('sendonly', 'recvonly', 'sendrecv'))).toBe('1')
    expect(uplinkOf(offer('sendonly', 'inactive', 'sendrecv'))).toBe('2')
  })

  it('is none where nothing is to be received', () => {
    expect(uplinkOf(offer('sendonly', 'inactive'))).toBeUndefined()
    expect(uplinkOf('')).toBeUndefined()
  })
})
