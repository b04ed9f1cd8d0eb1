import { describe, expect, it } from 'vitest'
import { parseUri } from './address.ts'
import { type Header, header, headers, type SipRequest } from './message.ts'
import { createRegistrar } from './registrar.ts'

const from = { address: '127.0.0.1', port: 5070 }

describe('the registrar', () => {
  it('keeps contacts until they expire', () => {
    const { register, registrar, pass } = begin()
    expect(register(['<sip:a@seat>;expires=60']).status).toBe(200)
    pass(59_000)
    expect(registrar.contactsOf('8001')).toMatchObject([{ uri: 'sip:a@seat', at: from }])
    pass(1_000)
    expect(registrar.contactsOf('8001')).toEqual([])
  })

  it('keeps several, and lists them all with what is left', () => {
    const { register, pass } = begin()
    register(['<sip:a@seat>;expires=60'])
    pass(10_000)
    expect(headers(register(['<sip:b@seat>;expires=100']), 'Contact')).toEqual([
      '<sip:a@seat>;expires=50',
      '<sip:b@seat>;expires=100',
    ])
  })

  it('grants no more than an hour, and five minutes if nothing is asked for', () => {
    const { register } = begin()
    expect(header(register(['<sip:a@seat>;expires=99999']), 'Contact')).toMatch(/expires=3600$/)
    expect(header(register(['<sip:a@seat>']), 'Contact')).toMatch(/expires=300$/)
  })

  it('says what is the least to ask for', () => {
    const response = begin().register(['<sip:a@seat>'], [['Expires', '10']])
    expect(response.status).toBe(423)
    expect(header(response, 'Min-Expires')).toBe('30')
  })

  it('forgets one contact, or all', () => {
    const { register, registrar } = begin()
    register(['<sip:a@seat>', '<sip:b@seat>'])
    register(['<sip:a@seat>;expires=0'])
    expect(registrar.contactsOf('8001')).toHaveLength(1)
    expect(register(['*'], [['Expires', '60']]).status).toBe(400)
    expect(register(['*'], [['Expires', '0']]).status).toBe(200)
    expect(registrar.contactsOf('8001')).toEqual([])
  })

  it('puts the new contact of an instance in place of its old one', () => {
    const { register, registrar } = begin()
    register(['<sip:a@seat:1>;+sip.instance="<urn:uuid:1>";reg-id=1'])
    register(['<sip:a@seat:2>;+sip.instance="<urn:uuid:1>";reg-id=1'])
    expect(registrar.contactsOf('8001').map(({ uri }) => uri)).toEqual(['sip:a@seat:2'])
  })

  it('changes nothing for a request that comes late', () => {
    const { register, registrar } = begin()
    register(['<sip:a@seat>'], [], 5)
    expect(register(['<sip:a@seat>;expires=0'], [], 4).status).toBe(500)
    expect(registrar.contactsOf('8001')).toHaveLength(1)
  })

  it('keeps no more than ten contacts of a line', () => {
    const { register, registrar } = begin()
    for (let one = 0; one < 10; one++) expect(register([`<sip:a@seat:${one + 1}>`]).status).toBe(200)
    expect(register(['<sip:a@seat:99>']).status).toBe(403)
    expect(registrar.contactsOf('8001')).toHaveLength(10)
  })

  it('finds whose contact a URI is', () => {
    const { register, registrar } = begin()
    register(['<sip:a@seat.invalid;transport=udp>'])
    const uri = parseUri('sip:a@seat.invalid:5060')
    expect(uri && registrar.findContact(uri)).toMatchObject({ at: from })
  })
})

function begin() {
  let now = 0
  let cseq = 0
  const registrar = createRegistrar({ now: () => now, shortestExpiry: 30 })
  const register = (contacts: readonly string[], more: readonly Header[] = [], number = ++cseq) => {
    const request: SipRequest = {
      kind: 'request',
      method: 'REGISTER',
      uri: 'sip:exercise.invalid',
      headers: [
        ['Call-ID', 'one'],
        ['CSeq', `${number} REGISTER`],
        ...contacts.map((contact): Header => ['Contact', contact]),
        ...more,
      ],
      body: Buffer.alloc(0),
    }
    return registrar.register('8001', request, from)
  }
  return {
    registrar,
    register,
    pass: (ms: number) => {
      now += ms
    },
  }
}
