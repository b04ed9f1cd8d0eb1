import { describe, expect, it } from 'vitest'
import {
  afterRequest,
  type Dialogue,
  invitedDialogue,
  invitingDialogue,
  keyOf,
  keyOfReplaces,
  keyOfRequest,
  requestIn,
} from './dialogue.ts'
import { type Header, header, headers, replyTo, type SipRequest } from './message.ts'

const invite = request('INVITE', 'sip:60001@exercise.invalid', [
  ['From', '<sip:8001@exercise.invalid>;tag=theirs'],
  ['To', '<sip:60001@exercise.invalid>'],
  ['Call-ID', 'call'],
  ['CSeq', '7 INVITE'],
  ['Contact', '<sip:8001@127.0.0.1:5070>'],
  ['Record-Route', '<sip:one;lr>'],
  ['Record-Route', '<sip:two;lr>'],
])

describe('a dialogue', () => {
  it('of who is invited turns From and To round, and counts for itself', () => {
    const [bye, next] = requestIn(invited(), 'BYE')
    expect(bye.uri).toBe('sip:8001@127.0.0.1:5070')
    expect(header(bye, 'From')).toBe('<sip:60001@exercise.invalid>;tag=ours')
    expect(header(bye, 'To')).toBe('<sip:8001@exercise.invalid>;tag=theirs')
    expect(headers(bye, 'Route')).toEqual(['<sip:one;lr>', '<sip:two;lr>'])
    expect(header(bye, 'CSeq')).toBe('1 BYE')
    expect(header(requestIn(next, 'INFO')[0], 'CSeq')).toBe('2 INFO')
  })

  it('of who invites acknowledges with the number of the INVITE, and goes the routes back', () => {
    const answer = replyTo(invite, 200, {
      tag: 'far',
      headers: [
        ['Contact', '<sip:60001@127.0.0.1:5080>'],
        ['Record-Route', '<sip:one;lr>'],
        ['Record-Route', '<sip:two;lr>'],
      ],
    })
    const dialogue = invitingDialogue(invite, answer)
    if (dialogue === undefined) throw new Error('no dialogue')
    const [ack] = requestIn(dialogue, 'ACK')
    expect(header(ack, 'CSeq')).toBe('7 ACK')
    expect(headers(ack, 'Route')).toEqual(['<sip:two;lr>', '<sip:one;lr>'])
    expect(header(requestIn(dialogue, 'BYE')[0], 'CSeq')).toBe('8 BYE')
  })

  it('needs a tag and a place to send to', () => {
    const bare = { ...invite, headers: invite.headers.filter(([name]) => name !== 'Contact') }
    expect(invitedDialogue(bare, 'ours')).toBeUndefined()
    expect(invitingDialogue(invite, replyTo(invite, 200))).toBeUndefined()
  })

  it('takes requests in their order only, and a new target from a re-INVITE', () => {
    const again = (number: number, contact: string) =>
      request('INVITE', 'sip:x', [
        ['CSeq', `${number} INVITE`],
        ['Contact', contact],
      ])
    expect(afterRequest(invited(), again(7, '<sip:a@b>'))).toBeUndefined()
    expect(afterRequest(invited(), again(9, '<sip:a@b>'))).toMatchObject({ remoteCseq: 9, target: 'sip:a@b' })
  })

  it('is found by a request of the other side, and by Replaces', () => {
    const bye = request('BYE', 'sip:x', [
      ['From', '<sip:8001@exercise.invalid>;tag=theirs'],
      ['To', '<sip:60001@exercise.invalid>;tag=ours'],
      ['Call-ID', 'call'],
    ])
    expect(keyOfRequest(bye)).toBe(keyOf(invited()))
    expect(keyOfReplaces('call;to-tag=ours;from-tag=theirs')).toBe(keyOf(invited()))
    expect(keyOfReplaces('call;to-tag=ours')).toBeUndefined()
  })
})

function invited(): Dialogue {
  const dialogue = invitedDialogue(invite, 'ours')
  if (dialogue === undefined) throw new Error('no dialogue')
  return dialogue
}

function request(method: string, uri: string, all: readonly Header[]): SipRequest {
  return { kind: 'request', method, uri, headers: all, body: Buffer.alloc(0) }
}
