import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { MediaSession } from '../../media/media-session.ts'
import { openSipPort } from './sip-port.ts'

const CASES = 1_500

const methods = ['INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'MESSAGE', 'NOTIFY', 'REFER', 'UPDATE', 'INFO']

/** Messages that are nearly right: each line may be wanting, twice there, or have something else in it. */
const rubbish = fc
  .record({
    method: fc.constantFrom('INVITE', ...methods),
    start: fc.oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      fc.integer({ min: 0, max: 999 }).map((status) => `SIP/2.0 ${status} Whatever`),
      fc.string(),
    ),
    branch: fc.integer({ min: 0, max: 200 }),
    tag: fc.constantFrom('', '', ';tag=1', ';tag=', ';tag=2;tag=3'),
    body: fc.oneof(fc.constant(''), fc.constant('v=0\r\nm=audio 4000 RTP/AVP 0\r\n'), fc.string()),
    faults: fc.array(
      fc.record({
        line: fc.nat({ max: 9 }),
        kind: fc.constantFrom('gone', 'twice', 'other', 'long', 'cut'),
        text: fc.string({ unit: 'grapheme' }),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ method, start, branch, tag, body, faults }) => {
    const lines = [
      start ?? `${method} sip:desk@pbx.test SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK${branch};rport`,
      'From: <sip:x@pbx.test>;tag=9',
      `To: <sip:desk@pbx.test>${tag}`,
      `Call-ID: ${branch}@x`,
      `CSeq: ${branch} ${method}`,
      'Contact: <sip:x@127.0.0.1:9>',
      'Content-Type: application/sdp',
      `Content-Length: ${body.length}`,
      'Refer-To: <sip:y@pbx.test>',
    ]
    for (const { line, kind, text } of faults) {
      const old = lines[line] ?? ''
      if (kind === 'gone') lines[line] = ''
      if (kind === 'twice') lines[line] = `${old}\r\n${old}`
      if (kind === 'other') lines[line] = `${old.split(':')[0]}: ${text}`
      if (kind === 'long') lines[line] = `${old}${text.repeat(200)}`
      if (kind === 'cut') lines[line] = old.slice(0, old.length / 2)
    }
    return `${lines.filter((line) => line !== '').join('\r\n')}\r\n\r\n${body}`
  })

const silent: MediaSession = {
  offer: async () => 'v=0\r\n',
  answer: async () => 'v=0\r\n',
  accept: async () => undefined,
  rollBack: () => undefined,
  close: async () => undefined,
}

describe('a port that is sent rubbish', () => {
  it('goes on to answer what is right', async () => {
    const server = createSocket('udp4').bind(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    let calls = 0
    const port = openSipPort({
      server: { transport: 'udp', host: '127.0.0.1', port: server.address().port },
      domain: 'pbx.test',
      user: 'desk',
      password: 'none',
      openMedia: () => silent,
      ears: {
        incoming: (call) => {
          calls += 1
          if (calls % 3 === 0) void call.accept().catch(() => undefined)
          else if (calls % 3 === 1) call.reject(486)
        },
        message: () => undefined,
        registration: () => undefined,
      },
    })
    onTestFinished(() => port.close())
    port.register().catch(() => undefined)
    const [, from] = await once(server, 'message')
    for (const [at, text] of fc.sample(rubbish, { numRuns: CASES, seed: 110 }).entries()) {
      server.send(text, from.port, '127.0.0.1')
      // So that the socket's buffer need not drop what is to be tried.
      if (at % 50 === 0) expect(await asked(server, from.port, `alive-${at}`)).toMatch(/^SIP\/2\.0 200/)
    }
    expect(calls).toBeGreaterThan(10)
    expect(calls).toBeLessThan(CASES)
  })
})

/** What it answers to OPTIONS. */
function asked(socket: Socket, port: number, id: string): Promise<string> {
  const { port: own } = socket.address()
  const answer = new Promise<string>((resolve) => {
    const hear = (bytes: Buffer) => {
      const text = bytes.toString()
      if (!text.startsWith('SIP/2.0') || !text.includes(`branch=z9hG4bK-${id}`)) return
      socket.off('message', hear)
      resolve(text)
    }
    socket.on('message', hear)
  })
  const lines = [
    'OPTIONS sip:desk@pbx.test SIP/2.0',
    `Via: SIP/2.0/UDP 127.0.0.1:${own};branch=z9hG4bK-${id};rport`,
    'From: <sip:x@pbx.test>;tag=1',
    'To: <sip:desk@pbx.test>',
    `Call-ID: ${id}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
  ]
  socket.send(`${lines.join('\r\n')}\r\n\r\n`, port, '127.0.0.1')
  return answer
}
