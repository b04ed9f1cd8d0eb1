import { createHash } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { chanceFrom } from '../city/random.ts'
import { freshToken, tagOf } from './address.ts'
import { type Dialogue, invitedDialogue, invitingDialogue, requestIn } from './dialogue.ts'
import { type Exchange, type ExchangeOptions, openExchange } from './exchange.ts'
import {
  type Header,
  header,
  headers,
  replyTo,
  type SipRequest,
  type SipResponse,
  without,
} from './message.ts'
import { parseAudio, writeAnswer, writeOffer } from './sdp.ts'
import { openStack } from './stack.ts'
import { realTime } from './time.ts'

const domain = 'exercise.invalid'
const password = 'password-of-a-line'
const patience = { timeout: 10_000, interval: 20 }
const speech = new Uint8Array(1_600)
const clips = new Map([
  ['unit-here', speech],
  ['citizen-help', speech],
])

describe('the exchange', () => {
  it('asks for proof, SHA-256 before MD5, and keeps nothing of who has none', async () => {
    const seat = await sit(await begin())
    const refused = await seat.ask(seat.request('REGISTER', `sip:${domain}`, [['Contact', seat.contact]]))
    expect(refused.status).toBe(401)
    const offered = headers(refused, 'WWW-Authenticate').map((one) => /algorithm=([^,]+)/.exec(one)?.[1])
    expect(offered).toEqual(['SHA-256', 'MD5'])
  })

  it('registers a line, tells its contacts, and lets it go', async () => {
    const exchange = await begin()
    const seat = await sit(exchange)
    expect((await seat.register()).status).toBe(200)
    expect(exchange.registrations('8001')).toBe(1)
    expect((await seat.register([['Expires', '5']])).status).toBe(423)
    expect((await seat.register([['Expires', '0']])).status).toBe(200)
    expect(exchange.registrations('8001')).toBe(0)
  })

  it('lets nobody register, or call in the name of, another line', async () => {
    const seat = await sit(await begin())
    const other = seat.request('REGISTER', `sip:${domain}`, [['Contact', seat.contact]], '8002')
    expect((await seat.prove(other)).status).toBe(403)
    expect((await seat.prove(seat.request('INVITE', phoneUri('60001'), [], '8002'))).status).toBe(403)
  })

  const answers: readonly (readonly [string, string, string, readonly Header[], number])[] = [
    ['OPTIONS to itself', 'OPTIONS', `sip:${domain}`, [], 200],
    ['a request that has gone too far', 'MESSAGE', 'sip:8002@exercise.invalid', [['Max-Forwards', '0']], 483],
    ['an extension that it lacks', 'MESSAGE', 'sip:8002@exercise.invalid', [['Proxy-Require', 'magic']], 420],
    ['an address of another sort', 'MESSAGE', 'tel:110', [], 416],
    ['a CANCEL of nothing', 'CANCEL', phoneUri('60001'), [], 481],
    ['a method that is not for it', 'PUBLISH', `sip:${domain}`, [], 405],
  ]
  for (const [what, method, uri, more, status] of answers)
    it(`answers ${what} with ${status}`, async () => {
      const seat = await sit(await begin())
      expect((await seat.ask(seat.request(method, uri, more))).status).toBe(status)
    })

  it('does not find who is not there', async () => {
    const seat = await sit(await begin())
    expect((await seat.prove(seat.request('INVITE', phoneUri('8002')))).status).toBe(480)
    expect((await seat.prove(seat.request('INVITE', phoneUri('70000')))).status).toBe(404)
    expect((await seat.prove(seat.request('INVITE', 'sip:x@elsewhere.invalid')))?.status).toBe(404)
  })

  it('passes a MESSAGE from seat to seat', async () => {
    const exchange = await begin()
    const [one, other] = [await sit(exchange), await sit(exchange, '8002')]
    await other.register()
    expect((await one.prove(one.request('MESSAGE', phoneUri('8002')))).status).toBe(200)
    expect(other.received.map(({ method }) => method)).toEqual(['MESSAGE'])
    expect(header(other.received[0] ?? one.request('MESSAGE', ''), 'Proxy-Authorization')).toBe('')
  })

  it('lets nobody past it to its phones', async () => {
    const exchange = await begin()
    const seat = await sit(exchange)
    const { dialogue } = await seat.call('60001')
    const [bye] = requestIn(dialogue, 'BYE')
    const direct = /:(\d+)$/.exec(dialogue.target)?.[1]
    const at = { address: '127.0.0.1', port: Number(direct) }
    expect((await seat.ask(seat.request('INVITE', dialogue.target), at)).status).toBe(403)
    expect((await seat.ask(bye, at)).status).toBe(200)
  })

  it('has a phone repeat its answer while nobody acknowledges it', async () => {
    const seat = await sit(await begin())
    const invite = seat.request('INVITE', phoneUri('60001'))
    const answer = await seat.prove(invite)
    const repeated = () =>
      seat.finals.filter((one) => one.status === 200 && header(one, 'CSeq') === header(answer, 'CSeq')).length
    await vi.waitFor(() => expect(repeated()).toBeGreaterThan(1), patience)
    const [bye] = requestIn(seat.acknowledge(invite, answer), 'BYE')
    expect((await seat.ask(bye)).status).toBe(200)
  })

  it('has a phone that talks be busy for others', async () => {
    const exchange = await begin()
    const [one, other] = [await sit(exchange), await sit(exchange, '8002')]
    await one.call('60001')
    expect((await other.prove(other.request('INVITE', phoneUri('60001')))).status).toBe(486)
  })

  it('has a phone offer what it can where nothing is offered, and refuse what it cannot', async () => {
    const seat = await sit(await begin())
    const answer = await seat.prove(seat.request('INVITE', phoneUri('60001')))
    expect(parseAudio(answer.body)).toMatchObject({ codec: 'PCMA' })
    const { dialogue } = await seat.call('60002')
    const [again] = requestIn(dialogue, 'INVITE', [['Contact', seat.contact]], Buffer.from('v=0\r\n'))
    expect((await seat.ask(again)).status).toBe(488)
  })

  it('connects two phones by an attended transfer, and both hear each other', async () => {
    const exchange = await begin()
    const seat = await sit(exchange)
    const [first, second] = [(await seat.call('60001')).dialogue, (await seat.call('60002')).dialogue]
    const replaces = `${second.callId};to-tag=${second.remoteTag};from-tag=${second.localTag}`
    const target = `<${second.target}?Replaces=${encodeURIComponent(replaces)}>`
    const [refer] = requestIn(first, 'REFER', [
      ['Refer-To', target],
      ['Contact', seat.contact],
    ])
    expect((await seat.ask(refer)).status).toBe(202)
    await vi.waitFor(() => {
      const told = seat.received
        .filter(({ method }) => method === 'NOTIFY')
        .map(({ body }) => body.toString())
      expect(told.at(-1)).toMatch(/^SIP\/2\.0 200/)
      // The replaced call is over.
      expect(seat.received.map(({ method }) => method)).toContain('BYE')
      expect(exchange.phone('60001').heard()?.loud).toBeGreaterThan(5)
      expect(exchange.phone('60002').heard()?.loud).toBeGreaterThan(5)
    }, patience)
  })

  it('tells who transfers to nobody that nobody is there', async () => {
    const seat = await sit(await begin())
    const { dialogue } = await seat.call('60001')
    const [refer] = requestIn(dialogue, 'REFER', [
      ['Refer-To', `<${phoneUri('70000')}>`],
      ['Contact', seat.contact],
    ])
    await seat.ask(refer)
    await vi.waitFor(() => {
      const last = seat.received.filter(({ method }) => method === 'NOTIFY').at(-1)
      expect(last?.body.toString()).toMatch(/^SIP\/2\.0 404/)
      expect(last && header(last, 'Subscription-State')).toMatch(/^terminated/)
    }, patience)
  })

  it('lets only one seat have a citizen whom two answer at once', async () => {
    const exchange = await begin()
    const seats = [await sit(exchange), await sit(exchange, '8002')]
    for (const seat of seats) await seat.register()
    const citizen = exchange.callIn({ from: '13900000001', to: '110', clip: 'citizen-help' })
    await expect(citizen.answered).resolves.toBe(true)
    const got = (method: string) =>
      seats.filter(({ received }) => received.some((request) => request.method === method))
    await vi.waitFor(() => {
      expect(got('ACK')).toHaveLength(2)
      expect(got('BYE')).toHaveLength(1)
    }, patience)
  })

  it('lets a citizen go on where the call is transferred to', async () => {
    const exchange = await begin()
    const seat = await sit(exchange)
    await seat.register()
    const citizen = exchange.callIn({ from: '13900000001', to: '110', clip: 'citizen-help' })
    await expect(citizen.answered).resolves.toBe(true)
    const invite = seat.received.find(({ method }) => method === 'INVITE')
    const answer = invite && seat.answers.get(invite)
    const dialogue = answer && invitedDialogue(invite, tagOf(header(answer, 'To')))
    if (dialogue === undefined) throw new Error('the citizen has not called')
    const [refer] = requestIn(dialogue, 'REFER', [
      ['Refer-To', `<${phoneUri('60001')}>`],
      ['Contact', seat.contact],
    ])
    expect((await seat.ask(refer)).status).toBe(202)
    await vi.waitFor(() => expect(exchange.phone('60001').heard()?.loud).toBeGreaterThan(5), patience)
  })

  it('lets citizens call by themselves', async () => {
    const exchange = await begin({ citizens: { perHour: 36_000, to: '110' } })
    const seat = await sit(exchange)
    await seat.register()
    await vi.waitFor(() => expect(seat.received.map(({ method }) => method)).toContain('INVITE'), patience)
  })

  describe('what a phone is doing', () => {
    const subscribe = (
      seat: Awaited<ReturnType<typeof sit>>,
      more: readonly Header[] = [],
      number = '60001',
    ) => seat.prove(seat.request('SUBSCRIBE', phoneUri(number), [['Event', 'dialog'], ...more]))
    const told = (seat: Awaited<ReturnType<typeof sit>>) =>
      seat.received
        .filter(({ method }) => method === 'NOTIFY')
        .map((notify) => {
          const body = notify.body.toString()
          const [, version] = /version="(\d+)"/.exec(body) ?? []
          const states = [...body.matchAll(/<state>(\w+)</g)].map(([, state]) => state)
          return [Number(version), ...states]
        })
    const until = (seat: Awaited<ReturnType<typeof sit>>, ...expected: (number | string)[][]) =>
      vi.waitFor(() => expect(told(seat)).toEqual(expected), patience)

    it('is told at once, and with every change, to whoever has proven to be a seat', async () => {
      const exchange = await begin()
      const seat = await sit(exchange)
      await seat.register()
      const stranger = seat.request('SUBSCRIBE', phoneUri('60001'), [['Event', 'dialog']])
      expect((await seat.ask(stranger)).status).toBe(407)
      const answer = await subscribe(seat, [['Expires', '600']])
      expect([answer.status, header(answer, 'Expires')]).toEqual([200, '600'])
      await until(seat, [0])
      await seat.call('60001')
      await until(seat, [0], [1, 'early'], [2, 'confirmed'])
      exchange.phone('60001').hangUp()
      await until(seat, [0], [1, 'early'], [2, 'confirmed'], [3])
      const [first] = seat.received.filter(({ method }) => method === 'NOTIFY')
      expect(first && header(first, 'Subscription-State')).toMatch(/^active;expires=600$/)
    })

    it('is always busy where the phone answers so', async () => {
      const seat = await sit(await begin({ temperament: () => ({ kind: 'busy' }) }))
      await seat.register()
      await subscribe(seat)
      await until(seat, [0, 'confirmed'])
    })

    it('is told once to who asks for no time, and no more to who has had enough', async () => {
      const exchange = await begin()
      const seat = await sit(exchange)
      await seat.register()
      await subscribe(seat, [['Expires', '0']])
      await until(seat, [0])
      const [only] = seat.received.filter(({ method }) => method === 'NOTIFY')
      expect(only && header(only, 'Subscription-State')).toBe('terminated;reason=timeout')
      await seat.call('60001')
      expect(told(seat)).toHaveLength(1)
    })

    it('is not told of who is not there, in words nobody knows, or of other things', async () => {
      const seat = await sit(await begin())
      expect((await subscribe(seat, [], '70000')).status).toBe(404)
      expect((await subscribe(seat, [['Event', 'presence']])).status).toBe(489)
      expect((await subscribe(seat, [['Accept', 'text/plain']])).status).toBe(406)
    })

    it('comes to an end with the exchange, and says so', async () => {
      const exchange = await begin()
      const seat = await sit(exchange)
      await seat.register()
      await subscribe(seat)
      await until(seat, [0])
      await exchange.close()
      const last = seat.received.filter(({ method }) => method === 'NOTIFY').at(-1)
      expect(last && header(last, 'Subscription-State')).toBe('terminated;reason=deactivated')
    })
  })

  it('lets go of its port when it closes', async () => {
    const { port, close } = await begin()
    await close()
    const socket = createSocket('udp4').bind(port, '127.0.0.1')
    await once(socket, 'listening')
    socket.close()
  })

  it('goes on after a flood of rubbish, damaged requests and strangers’ calls, and has kept nothing of it', async () => {
    const exchange = await begin()
    const seat = await sit(exchange)
    const chance = chanceFrom(17)
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    onTestFinished(() => void socket.close())
    const send = (datagram: Buffer) =>
      new Promise((resolve) => socket.send(datagram, exchange.port, '127.0.0.1', resolve))
    for (let one = 0; one < 3_000; one++) await send(strange(one, chance))
    expect((await seat.register()).status).toBe(200)
    // Strangers have been answered without a transaction: only the seat's own are there.
    expect(exchange.transactions()).toBeLessThan(5)
    await seat.call('60001')
  }, 30_000)
})

/** Rubbish, a call of somebody unknown, or that call with a few octets changed. */
function strange(one: number, chance: ReturnType<typeof chanceFrom>): Buffer {
  const octet = () => Math.floor(chance.next() * 256)
  if (one % 3 === 0) return Buffer.from(Array.from({ length: 1 + octet() }, octet))
  const lines = [
    `INVITE ${phoneUri('60001')} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKflood${one}`,
    `From: <sip:stranger@${domain}>;tag=${one}`,
    `To: <${phoneUri('60001')}>`,
    `Call-ID: flood${one}`,
    'CSeq: 1 INVITE',
    'Contact: <sip:stranger@127.0.0.1:9>',
    '',
    '',
  ]
  const datagram = Buffer.from(lines.join('\r\n'))
  if (one % 3 === 1)
    for (let change = 0; change < 6; change++) datagram[Math.floor(chance.next() * datagram.length)] = octet()
  return datagram
}

async function begin(options: Partial<ExchangeOptions> = {}): Promise<Exchange> {
  const exchange = await openExchange({
    host: '127.0.0.1',
    domain,
    accounts: ['8001', '8002'].map((number) => ({ number, password })),
    phones: ['60001', '60002'],
    groups: { '110': ['8001', '8002'] },
    clips,
    temperament: () => ({ kind: 'answers', afterMs: 10, talksForMs: 60_000 }),
    ...options,
  })
  onTestFinished(() => exchange.close())
  return exchange
}

const phoneUri = (number: string) => `sip:${number}@${domain}`

/** A seat that does what a test says, and answers everything with 200. */
async function sit(exchange: Exchange, number = '8001') {
  const there = { address: '127.0.0.1', port: exchange.port }
  const received: SipRequest[] = []
  const answers = new Map<SipRequest, SipResponse>()
  const finals: SipResponse[] = []
  const media = createSocket('udp4').bind(0, '127.0.0.1')
  await once(media, 'listening')
  onTestFinished(() => void media.close())
  const local = { address: '127.0.0.1', port: media.address().port, session: 1, version: 1 }
  const stack = await openStack({
    host: '127.0.0.1',
    port: 0,
    time: realTime,
    onRequest: (request, from) => {
      received.push(request)
      if (request.method === 'ACK') return
      const offer = request.method === 'INVITE' ? parseAudio(request.body) : undefined
      const body = offer === undefined ? {} : { body: writeAnswer(offer, local) }
      const answer = replyTo(request, 200, { tag: freshToken(), headers: [['Contact', contact]], ...body })
      answers.set(request, answer)
      stack.serve(request, from)?.respond(answer)
    },
  })
  onTestFinished(() => stack.close())
  const contact = `<sip:${number}@127.0.0.1:${stack.self.port}>`
  let cseq = 0

  const request = (method: string, uri: string, more: readonly Header[] = [], as = number): SipRequest => ({
    kind: 'request',
    method,
    uri,
    headers: [
      ['Max-Forwards', '70'],
      ['From', `<sip:${as}@${domain}>;tag=${freshToken()}`],
      ['To', method === 'REGISTER' ? `<sip:${as}@${domain}>` : `<${uri}>`],
      ['Call-ID', freshToken()],
      ['CSeq', `${++cseq} ${method}`],
      ['Contact', contact],
      ...more,
    ].reduce<Header[]>((all, [name = '', value = '']) => [...without(all, name), [name, value]], []),
    body: Buffer.alloc(0),
  })
  /** The final response. */
  const ask = (asked: SipRequest, at = there) =>
    new Promise<SipResponse>((resolve, reject) => {
      stack.ask(asked, at, {
        response: (response) => {
          if (response.status < 200) return
          finals.push(response)
          resolve(response)
        },
        timeout: () => reject(new Error(`no answer to ${asked.method}`)),
      })
    })
  /** The same with the proof that is asked for. */
  const prove = async (asked: SipRequest) => {
    const refused = await ask(asked)
    if (refused.status !== 401 && refused.status !== 407) return refused
    const isRegister = asked.method === 'REGISTER'
    const challenge = header(refused, isRegister ? 'WWW-Authenticate' : 'Proxy-Authenticate')
    const nonce = /nonce="([^"]+)"/.exec(challenge)?.[1] ?? ''
    const digest = (text: string) => createHash('sha256').update(text).digest('hex')
    const proof = `${digest(`${number}:${domain}:${password}`)}:${nonce}:00000001:x:auth:${digest(`${asked.method}:${asked.uri}`)}`
    const credentials = `Digest username="${number}", realm="${domain}", nonce="${nonce}", uri="${asked.uri}", algorithm=SHA-256, qop=auth, nc=00000001, cnonce="x", response="${digest(proof)}"`
    const proven: Header[] = [
      ...without(asked.headers, 'CSeq'),
      ['CSeq', `${++cseq} ${asked.method}`],
      [isRegister ? 'Authorization' : 'Proxy-Authorization', credentials],
    ]
    return ask({ ...asked, headers: proven })
  }
  const acknowledge = (asked: SipRequest, answer: SipResponse): Dialogue => {
    // The number that was answered is that of the request with the proof.
    const cseqHeader: Header = ['CSeq', header(answer, 'CSeq')]
    const dialogue = invitingDialogue(
      { ...asked, headers: [...without(asked.headers, 'CSeq'), cseqHeader] },
      answer,
    )
    if (dialogue === undefined) throw new Error('no dialogue')
    const [ack] = requestIn(dialogue, 'ACK')
    const via: Header = ['Via', `SIP/2.0/UDP 127.0.0.1:${stack.self.port};branch=z9hG4bK${freshToken()}`]
    stack.send({ ...ack, headers: [via, ...ack.headers] }, there)
    return dialogue
  }
  return {
    contact,
    received,
    answers,
    finals,
    acknowledge,
    request,
    ask,
    prove,
    register: (more: readonly Header[] = []) => prove(request('REGISTER', `sip:${domain}`, more)),
    /** Calls a phone, which answers. */
    call: async (called: string): Promise<{ dialogue: Dialogue }> => {
      const invite = request('INVITE', phoneUri(called), [['Content-Type', 'application/sdp']])
      const offered = { ...invite, body: writeOffer(local) }
      const answer = await prove(offered)
      expect(answer.status).toBe(200)
      const dialogue = acknowledge(offered, answer)
      return { dialogue }
    },
  }
}
