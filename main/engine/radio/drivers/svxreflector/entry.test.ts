import { describe, expect, it } from 'vitest'
import { callsignAt, type Entry, proceed, type Visitor } from './entry.ts'
import { type FromReflector, response, selectTalkgroup } from './messages.ts'

const visitor: Visitor = { callsign: 'WF-1', password: 'secret', talkgroup: 3000, protocol: 2 }
const challenge = new Uint8Array(20).fill(7)
const opus: FromReflector = { kind: 'server-info', client: 5, codecs: ['OPUS'] }

/** What is said, and where it ends. */
function enter(messages: readonly FromReflector[], who = visitor) {
  const said: Buffer[] = []
  let entry: Entry = { at: 'greeted' }
  for (const message of messages) {
    const step = proceed(entry, message, who)
    entry = step.entry
    if (step.say !== undefined) said.push(step.say)
  }
  return { entry, said }
}

describe('coming in at a reflector', () => {
  it('answers its challenge and selects the talkgroup', () => {
    expect(enter([{ kind: 'challenge', challenge }, { kind: 'welcome' }, opus])).toEqual({
      entry: { at: 'in', client: 5 },
      said: [response('WF-1-3000', 'secret', challenge), selectTalkgroup(3000)],
    })
  })

  it('of protocol 1 selects none: all are in 1', () => {
    const old: Visitor = { ...visitor, protocol: 1, talkgroup: 1 }
    const messages: FromReflector[] = [{ kind: 'challenge', challenge }, { kind: 'welcome' }, opus]
    expect(enter(messages, old)).toEqual({
      entry: { at: 'in', client: 5 },
      said: [response('WF-1', 'secret', challenge)],
    })
    const other: Visitor = { ...old, talkgroup: 3000 }
    expect(enter(messages, other).entry).toEqual({ at: 'refused', why: { kind: 'no-talkgroups' } })
  })

  it('takes a callsign for each talkgroup, where there are talkgroups', () => {
    expect(callsignAt(visitor)).toBe('WF-1-3000')
    expect(callsignAt({ ...visitor, protocol: 1 })).toBe('WF-1')
  })

  it.each<[string, FromReflector[], object]>([
    ['the protocol', [{ kind: 'error', text: 'Unsupported protocol version 2.0' }], { kind: 'protocol' }],
    ['the protocol, and asks for less', [{ kind: 'downgrade' }], { kind: 'protocol' }],
    [
      'the password',
      [
        { kind: 'challenge', challenge },
        { kind: 'error', text: 'Access denied' },
      ],
      { kind: 'access' },
    ],
    [
      'whatever else',
      [
        { kind: 'challenge', challenge },
        { kind: 'error', text: 'TCP heartbeat timeout' },
      ],
      { kind: 'said', text: 'TCP heartbeat timeout' },
    ],
    [
      'Opus',
      [{ kind: 'challenge', challenge }, { kind: 'welcome' }, { ...opus, codecs: ['SPEEX'] }],
      { kind: 'codec' },
    ],
  ])('ends when the reflector refuses %s', (_what, messages, why) => {
    expect(enter(messages).entry).toEqual({ at: 'refused', why })
  })

  it('answers one challenge only', () => {
    const { entry, said } = enter([
      { kind: 'challenge', challenge },
      { kind: 'challenge', challenge },
    ])
    expect(entry).toEqual({ at: 'refused', why: { kind: 'nonsense' } })
    expect(said).toHaveLength(1)
  })

  it('is not brought about by messages out of their turn', () => {
    expect(enter([{ kind: 'welcome' }, opus, { kind: 'heartbeat' }])).toEqual({
      entry: { at: 'greeted' },
      said: [],
    })
  })
})
