import { describe, expect, it, onTestFinished, vi } from 'vitest'
import * as z from 'zod'
import { kindOf, openWiredPort, sipAnswer, sipRequest } from '../../../../tests/support/sip-wire.ts'
import { SipRefused } from './sip-call.ts'
import type { SipText } from './sip-port.ts'
import { MOST_BYTES, TextTooLong } from './text.ts'

const sdp = 'v=0\r\nm=audio 4002 RTP/AVP 0\r\n'
const withSdp = { headers: ['Content-Type: application/sdp'], body: sdp }
const text = { headers: ['Content-Type: text/plain'], body: '三号车请回话' }
const open = (options?: Parameters<typeof openWiredPort>[1]) => openWiredPort(onTestFinished, options)
const last = (sent: readonly string[]) => sent.at(-1) ?? ''
const tagOf = (message: string) => /^To:.*;tag=(\S+)/m.exec(message)?.[1] ?? ''

/** A call in that has been answered and acknowledged, and the tag of this side. */
async function talking(options?: Parameters<typeof openWiredPort>[1]) {
  const wired = open(options)
  wired.hear(sipRequest('INVITE', withSdp))
  const [call] = wired.incoming
  await call?.accept()
  const toTag = tagOf(last(wired.sent))
  wired.hear(sipRequest('ACK', { toTag }))
  return { ...wired, call, toTag }
}

describe('a stranger', () => {
  it.each(['INVITE', 'OPTIONS', 'MESSAGE', 'NOTIFY', 'REFER', 'BYE', 'CANCEL', 'SUBSCRIBE', 'PUBLISH'])(
    'who sends %s is not even refused',
    (method) => {
      const { hear, sent, incoming, messages } = open()
      hear(sipRequest(method, withSdp), 'stranger')
      hear(sipRequest(method, { ...withSdp, toTag: 'guessed' }), 'stranger')
      hear(sipRequest(method).replace('CSeq: 1', 'CSeq: x'), 'stranger')
      expect([...sent, ...incoming, ...messages]).toEqual([])
    },
  )

  it('is heard within a dialogue that is known', async () => {
    const { hear, sent, call, toTag } = await talking()
    const said = sent.length
    hear(sipRequest('BYE', { cseq: 2, toTag: 'another' }), 'stranger')
    expect(call?.end).toBeNull()
    expect(sent).toHaveLength(said)
    hear(sipRequest('BYE', { cseq: 3, toTag }), 'stranger')
    expect(call?.end).toMatchObject({ why: 'hung-up', here: false })
    expect(kindOf(last(sent))).toBe('200')
  })

  it('can’t take a call back that waits, nor answer one by guessing', async () => {
    const { hear, incoming, port, sent } = open()
    hear(sipRequest('INVITE', withSdp))
    hear(sipRequest('CANCEL', { headers: [] }).replace('z9hG4bK-CANCEL', 'z9hG4bK-INVITE'), 'stranger')
    expect(incoming[0]?.state).toBe('waiting')
    const call = port.call('8002')
    const invite = await sentBy(sent, 'INVITE')
    const answer = sipAnswer(invite, '200 OK', ['Contact: <sip:x@203.0.113.1>', ...withSdp.headers], sdp)
    hear(answer.replace(/branch=\S+/, 'branch=z9hG4bKguessed'), 'stranger')
    hear(answer.replace(/^Call-ID:.*$/im, 'Call-ID: guessed'), 'stranger')
    hear(answer.replace(/^From:.*$/im, 'From: <sip:desk@pbx.test>;tag=guessed'), 'stranger')
    expect(call.state).toBe('trying')
    hear(answer, 'stranger')
    await vi.waitFor(() => expect(call.state).toBe('talking'))
  })
})

describe('a message', () => {
  it('is confirmed when somebody has taken it, and not before', async () => {
    let keep = () => {}
    const kept = new Promise<void>((resolve) => {
      keep = resolve
    })
    const heard: SipText[] = []
    const { hear, sent } = open({
      ears: {
        message: (message) => {
          heard.push(message)
          return kept
        },
      },
    })
    hear(sipRequest('MESSAGE', text))
    hear(sipRequest('MESSAGE', text))
    expect(heard).toMatchObject([{ from: { number: 'caller', name: null }, text: '三号车请回话' }])
    expect(sent).toEqual([])
    keep()
    await vi.waitFor(() => expect(sent.map(kindOf)).toEqual(['200']))
  })

  it('that comes again because its answer was lost is answered again, under the same name', () => {
    const { hear, sent, messages } = open()
    hear(sipRequest('MESSAGE', text))
    hear(sipRequest('MESSAGE', text))
    expect(sent.map(kindOf)).toEqual(['200', '200'])
    expect(new Set(messages.map(({ id }) => id)).size).toBe(1)
  })

  it('has the same name at every seat, and another for each text', () => {
    const nameOf = (options: object, change = (request: string) => request) => {
      const { hear, messages } = open()
      hear(change(sipRequest('MESSAGE', { ...text, ...options })))
      return messages[0]?.id
    }
    const first = nameOf({})
    expect(z.uuid().safeParse(first).success).toBe(true)
    expect(nameOf({}, (request) => request.replace('branch=', 'branch=z9hG4bK-fork-'))).toBe(first)
    const others = [
      nameOf({ id: 'two' }),
      nameOf({ cseq: 2 }),
      nameOf({}, (request) => request.replace('sip:caller@', 'sip:other@')),
      nameOf({}, (request) => request.replace('tag=theirs', 'tag=others')),
    ]
    expect(new Set([first, ...others]).size).toBe(5)
  })

  it.each([
    ['another type', 'Content-Type: message/imdn+xml'],
    ['somebody’s typing', 'Content-Type: application/im-iscomposing+xml'],
    ['another charset', 'Content-Type: text/plain;charset=GB2312'],
    ['a packed text', 'Content-Type: text/plain\r\nContent-Encoding: gzip'],
  ])('of %s is not understood, and what is, is said', (_, headers) => {
    const { hear, sent, messages } = open()
    hear(sipRequest('MESSAGE', { ...text, headers: [headers] }))
    expect(kindOf(last(sent))).toBe('415')
    expect(last(sent)).toMatch(/^Accept: text\/plain\r$/m)
    expect(messages).toEqual([])
  })

  it('is refused as whoever hears it says', async () => {
    const { hear, sent, troubles } = open({
      ears: {
        message: async () => {
          throw new SipRefused(403, 'Forbidden')
        },
      },
    })
    hear(sipRequest('MESSAGE', text))
    await vi.waitFor(() => expect(sent.map(kindOf)).toEqual(['403']))
    expect(troubles).toEqual([])
  })

  it('goes out without a Contact, and resolves with what was said to it', async () => {
    const { port, sent, hear } = open()
    const sending = port.sendMessage('8002', '请回话')
    const request = await sentBy(sent, 'MESSAGE')
    expect(request).not.toMatch(/^Contact:/im)
    hear(sipAnswer(request, '202 Accepted'))
    expect(await sending).toBe(202)
  })

  it('that a datagram may not carry is not sent; over a connection it is', async () => {
    const long = '报告'.repeat(300)
    const { port, sent } = open()
    await expect(port.sendMessage('8002', long)).rejects.toBeInstanceOf(TextTooLong)
    expect(sent).toEqual([])
    const connected = open({ server: { transport: 'tls', host: 'pbx.test' } })
    const sending = connected.port.sendMessage('8002', long)
    connected.hear(sipAnswer(await sentBy(connected.sent, 'MESSAGE'), '200 OK'))
    expect(await sending).toBe(200)
  })

  it('is small enough with the answer to a challenge, however long the text that is let through', async () => {
    const longest = async (length: number): Promise<string> => {
      const { port, sent, hear } = open({ user: '8001-with-a-long-name', password: 'x'.repeat(60) })
      const sending = port.sendMessage('8002', 'x'.repeat(length))
      sending.catch(() => undefined)
      await vi.waitFor(() => expect(sent).toHaveLength(1))
      const challenge = `Proxy-Authenticate: Digest realm="pbx.example.org", nonce="${'n'.repeat(48)}", qop="auth", algorithm=SHA-256`
      hear(sipAnswer(last(sent), '407 Proxy Authentication Required', [challenge]))
      await vi.waitFor(() => expect(sent).toHaveLength(2))
      hear(sipAnswer(last(sent), '200 OK'))
      await sending
      return last(sent)
    }
    let length = 0
    for (const { port } = open({ user: '8001-with-a-long-name' }); ; length += 10) {
      const refused = await Promise.race([
        port.sendMessage('8002', 'x'.repeat(length + 10)).catch((error) => error instanceof TextTooLong),
        new Promise<false>((resolve) => setImmediate(() => resolve(false))),
      ])
      if (refused) break
    }
    expect(length).toBeGreaterThan(200)
    expect(Buffer.byteLength(await longest(length))).toBeLessThanOrEqual(MOST_BYTES)
  })

  it('is refused where nobody reads messages, in a dialogue too, and nothing promises that somebody does', async () => {
    const { hear, sent, toTag } = await talking({ readsMessages: false })
    hear(sipRequest('MESSAGE', { ...text, id: 'alone' }))
    expect(kindOf(last(sent))).toBe('405')
    hear(sipRequest('MESSAGE', { ...text, cseq: 2, toTag }))
    expect(kindOf(last(sent))).toBe('405')
    hear(sipRequest('OPTIONS', { id: 'options' }))
    expect(last(sent)).toMatch(/^Allow: ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER\r$/m)
    expect(sent.filter((message) => /^Allow:.*(?:MESSAGE|PRACK)/m.test(message))).toEqual([])
  })

  it('that could not be taken is not confirmed', () => {
    const trouble = new Error('no room')
    const { hear, sent, troubles } = open({
      ears: {
        message: () => {
          throw trouble
        },
      },
    })
    hear(sipRequest('MESSAGE', text))
    expect(kindOf(last(sent))).toBe('480')
    expect(troubles).toEqual([trouble])
  })
})

describe('a call in', () => {
  it('that nobody can take is refused, and not kept', () => {
    const { hear, sent, port, troubles } = open({
      ears: {
        incoming: () => {
          throw new Error('nobody sits here')
        },
      },
    })
    hear(sipRequest('INVITE', withSdp))
    expect(kindOf(last(sent))).toBe('500')
    expect(port.calls).toEqual([])
    expect(troubles).toHaveLength(1)
  })

  it('goes on whatever those who watch it throw', async () => {
    const { hear, call, toTag, troubles } = await talking()
    call?.onChange(() => {
      throw new Error('a mistake')
    })
    hear(sipRequest('BYE', { cseq: 2, toTag }))
    expect(call?.state).toBe('ended')
    expect(troubles).toHaveLength(1)
  })

  it('may bring other things beside its session description', async () => {
    const { hear, incoming, sent } = open()
    const parts = ['--cut', 'Content-Type: application/pidf+xml', '', '<presence/>', '--cut']
    const body = [...parts, 'Content-Type: application/sdp', '', `${sdp}--cut--`].join('\r\n')
    hear(sipRequest('INVITE', { headers: ['Content-Type: multipart/mixed;boundary=cut'], body }))
    await incoming[0]?.accept()
    expect(kindOf(last(sent))).toBe('200')
    hear(sipRequest('ACK', { toTag: tagOf(last(sent)) }))
    expect(incoming[0]?.state).toBe('talking')
  })

  it.each([
    ['another kind of body', 415, { headers: ['Content-Type: text/plain'], body: 'x' }],
    [
      'too short a session timer, in its short name',
      422,
      { ...withSdp, headers: [...withSdp.headers, 'x: 30'] },
    ],
    ['a dialogue to replace that is not here', 481, { headers: ['Replaces: a;to-tag=b;from-tag=c'] }],
  ])('with %s is refused with %i', (_, status, options) => {
    const { hear, sent, incoming } = open()
    hear(sipRequest('INVITE', options))
    expect(kindOf(last(sent))).toBe(`${status}`)
    expect(incoming).toEqual([])
  })

  it('that would take a call’s place only while it rings comes too late', async () => {
    const { hear, sent, toTag, call } = await talking()
    const replaces = `Replaces: one;to-tag=${toTag};from-tag=theirs;early-only`
    hear(sipRequest('INVITE', { ...withSdp, id: 'two', headers: [...withSdp.headers, replaces] }))
    expect(kindOf(last(sent))).toBe('486')
    expect(call?.state).toBe('talking')
  })

  it('beyond as many as anybody could answer is told that all are busy', () => {
    const { hear, sent, port } = open()
    for (let one = 0; one <= 300; one++) hear(sipRequest('INVITE', { ...withSdp, id: `${one}` }))
    expect(kindOf(last(sent))).toBe('486')
    expect(port.calls).toHaveLength(300)
  })

  it('to a port that is being closed is refused', async () => {
    const { hear, sent, port, incoming } = open()
    const closed = port.close()
    hear(sipRequest('INVITE', withSdp))
    expect(kindOf(last(sent))).toBe('480')
    expect(incoming).toEqual([])
    await closed
  })
})

describe('a call out', () => {
  /** Answered by somebody at 203.0.113.1. */
  async function answered(options: Parameters<typeof openWiredPort>[1], headers?: readonly string[]) {
    const wired = open(options)
    const call = wired.port.call('8002', headers)
    const invite = await sentBy(wired.sent, 'INVITE')
    wired.hear(sipAnswer(invite, '200 OK', ['Contact: <sip:x@203.0.113.1>', ...withSdp.headers], sdp))
    await vi.waitFor(() => expect(call.state).toBe('talking'))
    return { ...wired, call, invite }
  }

  it('has the lines that are asked for: some in its INVITE, some in every message', async () => {
    const { invite, sent, hear, call } = await answered({ headers: ['X-Each: $&'] }, ['Subject: radio'])
    expect(invite).toMatch(/^Subject: radio\r$/m)
    expect(invite).toContain(`\r\n\r\n${invite.split('\r\n\r\n')[1]}`)
    call.hangUp()
    const bye = await sentBy(sent, 'BYE')
    hear(sipAnswer(bye, '200 OK'))
    for (const message of sent) expect(message.match(/^X-Each: \$&\r$/gm)).toHaveLength(1)
    expect(bye).not.toContain('Subject')
  })

  it('tells the other side something, and whether it was taken', async () => {
    const { sent, hear, call } = await answered({})
    const told = call.inform('application/dtmf-relay', 'Signal=*\r\n')
    const info = await sentBy(sent, 'INFO')
    expect(info).toMatch(/^Content-Type: application\/dtmf-relay\r$/m)
    expect(info).toMatch(/\r\n\r\nSignal=\*\r\n$/)
    hear(sipAnswer(info, '200 OK'))
    await told
    const refused = call.inform('text/x-nobody', '')
    hear(sipAnswer(await sentBy(sent, 'INFO', 2), '415 Unsupported Media Type'))
    await expect(refused).rejects.toMatchObject({ code: 415 })
    call.hangUp()
    hear(sipAnswer(await sentBy(sent, 'BYE'), '200 OK'))
    await expect(call.inform('text/plain', '')).rejects.toThrow('not there')
  })
})

describe('a request that nobody here has asked for', () => {
  it.each([
    ['NOTIFY', 481],
    ['REFER', 603],
    ['SUBSCRIBE', 405],
    ['REGISTER', 405],
    ['PUBLISH', 405],
    ['TELEPORT', 405],
  ])('as %s is refused with %i', (method, status) => {
    const { hear, sent } = open()
    hear(sipRequest(method, { headers: ['Event: dialog', 'Refer-To: <sip:x@pbx.test>'] }))
    expect(kindOf(last(sent))).toBe(`${status}`)
    if (status === 405) expect(last(sent)).toMatch(/^Allow: .*INVITE/m)
  })
})

describe('a request', () => {
  const invite = sipRequest('INVITE', withSdp)
  it.each([
    ['says that it is longer than it is', 400, invite.replace(/Content-Length: \d+/, 'Content-Length: 999')],
    ['has a CSeq of another method', 400, invite.replace('1 INVITE', '1 BYE')],
    ['has a body of no kind', 400, invite.replace(/Content-Type.*\r\n/, '')],
    ['invites to no Contact', 400, invite.replace(/Contact.*\r\n/, '')],
    ['has no cookie of its time in its branch', 400, invite.replace('z9hG4bK', '')],
    ['is for another kind of address', 416, invite.replace('sip:desk@192.0.2.2', 'tel:110')],
    ['requires what is not known', 420, invite.replace('Max-Forwards', 'Require: teleport\r\nMax-Forwards')],
  ])('that %s is refused with %i', (_, status, request) => {
    const { hear, sent, incoming } = open()
    hear(request)
    expect(sent.map(kindOf)).toEqual([`${status}`])
    expect(incoming).toEqual([])
  })
})

describe('being asked to call somebody', () => {
  it('can’t put headers of its own into the call', async () => {
    const { hear, sent, toTag, port } = await talking({ ears: { referred: () => undefined } })
    const evil = encodeURIComponent('a;to-tag=b;from-tag=c\r\nX-Evil: 1')
    hear(sipRequest('REFER', { cseq: 2, toTag, headers: [`Refer-To: <sip:8002@pbx.test?Replaces=${evil}>`] }))
    const more = encodeURIComponent('a\r\nX-Evil: 1')
    hear(sipRequest('REFER', { cseq: 3, toTag, headers: [`Refer-To: <sip:8002${more}@pbx.test>`] }))
    for (const call of port.calls)
      if (call.direction === 'out') await vi.waitFor(() => sentBy(sent, 'INVITE'))
    expect(sent.join('')).not.toMatch(/^X-Evil/m)
  })
})

describe('a registration', () => {
  it('that is taken back is not made longer, whatever the registrar thinks of its time', async () => {
    const { port, hear, sent } = open()
    const registered = port.register()
    hear(sipAnswer(await sentBy(sent, 'REGISTER'), '200 OK', ['Expires: 60']))
    await registered
    sent.length = 0
    const left = port.unregister()
    hear(sipAnswer(await sentBy(sent, 'REGISTER'), '423 Interval Too Brief', ['Min-Expires: 3600']))
    await left
    expect(sent.filter((message) => kindOf(message) === 'REGISTER')).toHaveLength(1)
  })

  it('asks once more where its time is too short, and not for ever', async () => {
    const { port, hear, sent } = open()
    const registered = port.register()
    hear(sipAnswer(await sentBy(sent, 'REGISTER'), '423 Interval Too Brief', ['Min-Expires: 3600']))
    const again = await sentBy(sent, 'REGISTER', 2)
    expect(again).toMatch(/^Expires: 3600/m)
    hear(sipAnswer(again, '423 Interval Too Brief', ['Min-Expires: 7200']))
    await expect(registered).rejects.toMatchObject({ code: 423 })
  })

  it('that nobody answers is asked with the next number, over another connection', async () => {
    vi.useFakeTimers()
    const { port, sent, doubted } = open()
    onTestFinished(() => void vi.useRealTimers())
    const asked = () => sent.filter((message) => kindOf(message) === 'REGISTER')
    for (const number of [1, 2]) {
      const registered = expect(port.register()).rejects.toThrow('no answer')
      await vi.advanceTimersByTimeAsync(11_000)
      await registered
      expect(asked().at(-1)).toMatch(new RegExp(`^CSeq: ${number} REGISTER`, 'm'))
      expect(doubted()).toBe(number)
    }
  })
})

/** The request of this method that a port has sent as the so manieth. */
const sentBy = (sent: readonly string[], method: string, place = 1): Promise<string> =>
  vi.waitFor(() => {
    const found = sent.filter((message) => kindOf(message) === method)[place - 1]
    if (found === undefined) throw new Error(`no ${method}`)
    return found
  })
