import { URI } from 'sip.js/lib/core/index.js'
import { describe, expect, it } from 'vitest'
import type { Answer } from './agent.ts'
import { Contact } from './contact.ts'

const INSTANCE = '2ed6657d-e927-568b-95e1-2665a8aea6a2'
const GRUU = `sip:desk@pbx.test;gr=urn:uuid:${INSTANCE}`
const here = () => new Contact(INSTANCE, 2, new URI('sip', 'desk', '192.0.2.2', 5060))
/** Over a connection. */
const connected = () => {
  const contact = here()
  contact.move(new URI('sip', 'desk', '192.0.2.2', 5060, { transport: 'tcp' }))
  return contact
}
const own = (more = '') => `<sip:desk@192.0.2.2:5060>;+sip.instance="<urn:uuid:${INSTANCE}>";reg-id=2${more}`

const answer = (headers: Readonly<Record<string, string | readonly string[]>>): Answer => ({
  status: 200,
  reason: 'OK',
  header: (name) => [headers[name] ?? []].flat()[0],
  headers: (name) => [headers[name] ?? []].flat(),
})

describe('a Contact', () => {
  it('registers its place on the network, and says where else it may be registered', () => {
    expect(here().forRegistration).toBe(own())
  })

  it('is its place in calls, too, unless the exchange gives a name that outlives its connection', () => {
    const contact = connected()
    expect(contact.forCalls).toContain('<sip:desk@192.0.2.2:5060;transport=tcp>')
    const { seconds, ...grant } = contact.grantOf(
      answer({ contact: own(`;expires=60;pub-gruu="${GRUU}"`) }),
      300,
    )
    expect(seconds).toBe(60)
    contact.grant({ seconds, ...grant })
    expect(contact.forCalls).toBe(`<${GRUU}>`)
    expect(contact.forSubscriptions).toContain('192.0.2.2')
    contact.move(new URI('sip', 'desk', '192.0.2.7', 5060, { transport: 'tcp' }))
    expect(contact.forCalls).toBe(`<${GRUU}>`)
    contact.move(new URI('sip', 'desk', '192.0.2.7', 5060))
    expect(contact.forCalls).toContain('192.0.2.7')
    contact.move(new URI('sip', 'desk', '192.0.2.7', 5060, { transport: 'tcp' }))
    contact.grant(undefined)
    expect(contact.forCalls).toContain('192.0.2.7')
  })

  it('asks for requests over its connection where the exchange keeps to it, which over UDP there is none', () => {
    const [over, without] = [connected(), here()]
    for (const contact of [over, without])
      contact.grant(contact.grantOf(answer({ contact: own(), require: 'outbound', 'flow-timer': '20' }), 300))
    expect(over.forCalls).toMatch(/^<sip:desk@192\.0\.2\.2:5060;transport=tcp;ob>/)
    expect(without.forCalls).toMatch(/^<sip:desk@192\.0\.2\.2:5060>/)
  })
})

describe('a grant', () => {
  it('is of the time said for this Contact, or for all, or as asked for', () => {
    const granted = (headers: Parameters<typeof answer>[0]) => here().grantOf(answer(headers), 300).seconds
    const other = own(';expires=10').replace('reg-id=2', 'reg-id=1')
    expect(granted({ contact: [other, own(';expires=70')], expires: '80' })).toBe(70)
    expect(granted({ contact: [other], expires: '80' })).toBe(80)
    expect(granted({})).toBe(300)
    expect(granted({ expires: '0' })).toBe(300)
    expect(granted({ expires: '999999999' })).toBe(86_400)
  })

  it('tells how often the exchange wants a sign of life', () => {
    const timer = (said: string) => here().grantOf(answer({ 'flow-timer': said }), 300).flowTimerS
    expect(['20', '0', 'x'].map(timer)).toEqual([20, undefined, undefined])
  })

  it.each([
    'sip:desk@pbx.test',
    'sips:desk@pbx.test;gr=1',
    'sip:pbx.test;gr=1',
    'sip:desk@pbx.test;gr',
    'sip:desk@pbx.test;gr=1> <x',
    '',
  ])('has no GRUU that is none, as %s', (gruu) => {
    expect(
      here()
        .grantOf(answer({ contact: own(`;pub-gruu="${gruu}"`) }), 300)
        .gruu?.toRaw(),
    ).toSatisfy((made) => made === undefined || made === 'sip:desk@pbx.test;gr=1')
  })
})
