/** What an exchange, or whoever is taken for one, may send, without a network. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { kindOf, openWiredPort, sipAnswer, sipRequest } from '../../../../tests/support/sip-wire.ts'
import { badRequest } from './bad-request.ts'
import { Framing, FramingError, LONGEST_BODY } from './framing.ts'
import { sdpPart } from './multipart.ts'
import { replacesOf } from './referred.ts'
import { sessionExpires } from './session-timer.ts'
import {
  LONGEST_HEAD,
  requestTarget,
  responseTarget,
  stampVia,
  transactionKey,
  unfolded,
  withOneChallenge,
} from './wire.ts'

/** The grammar of sip.js takes a millisecond for a message; more of them pass by `SIP_CASES=100000`. */
const CASES = Number(process.env.SIP_CASES ?? 6_000)
const TEXTS = 100_000
const BATCH = 1_000
/** A busy machine takes its time over so many. */
const WITHIN_MS = 600_000
/** After this all transactions are forgotten (timers H, I, J, L, N), in ms. */
const FORGOTTEN_MS = 70_000
const MOST_CALLS = 300
/** Of timers: some for each transaction that is remembered. */
const MOST_TIMERS = 20_000
const statusesExpected = ['100', '200', '400', '405', '415', '420', '422', '481', '486', '603']

const methods = ['ACK', 'BYE', 'CANCEL', 'INFO', 'INVITE', 'MESSAGE', 'NOTIFY', 'OPTIONS', 'REFER', 'UPDATE']
const body = 'v=0\r\nm=audio 4000 RTP/AVP 0\r\n'

/** Mostly a message as it should be; then some of its lines are wanting, twice there, or something else. */
const fault = fc.record({
  line: fc.nat({ max: 14 }),
  kind: fc.constantFrom('gone', 'twice', 'other', 'long', 'cut', 'folded'),
  text: fc.string({ unit: 'grapheme' }),
})

const message = fc.record({
  method: fc.constantFrom('INVITE', 'INVITE', ...methods),
  /** Of the call that it belongs to; one in eight belongs to one that is there. */
  call: fc.nat({ max: 7 }),
  cseq: fc.nat({ max: 2 ** 31 }),
  answer: fc.option(fc.integer({ min: 0, max: 999 }), { freq: 5 }),
  header: fc.constantFrom(
    'Require: teleport',
    'Session-Expires: 30',
    'Session-Expires: 1800;refresher=uas',
    'Replaces: 1;to-tag=2;from-tag=3',
    'Refer-To: <sip:y@pbx.test?Replaces=a%0d%0a>',
    'Event: dialog',
    'Subscription-State: active',
    'WWW-Authenticate: Digest realm="x", nonce="y", algorithm=MD5',
    'Record-Route: <sip:192.0.2.1;lr>',
    'RSeq: 1',
  ),
  type: fc.constantFrom(
    'application/sdp',
    'application/sdp',
    'text/plain',
    'multipart/mixed;boundary=b',
    'x',
  ),
  body: fc.oneof(fc.constant(body), fc.constant(''), fc.string()),
  faults: fc.array(fault, { maxLength: 3 }),
})

function spoilt(
  text: string,
  faults: readonly (typeof fault extends fc.Arbitrary<infer T> ? T : never)[],
): string {
  const end = text.indexOf('\r\n\r\n')
  const lines = text.slice(0, end).split('\r\n')
  for (const { line, kind, text: other } of faults) {
    const old = lines[line]
    if (old === undefined) continue
    if (kind === 'gone') lines[line] = ''
    if (kind === 'twice') lines[line] = `${old}\r\n${old}`
    if (kind === 'other') lines[line] = `${old.split(':')[0]}: ${other}`
    if (kind === 'long') lines[line] = `${old}${other.repeat(40)}`
    if (kind === 'cut') lines[line] = old.slice(0, old.length / 2)
    if (kind === 'folded') lines[line] = old.replace(/[ ;]/, '$&\r\n ')
  }
  return lines.filter((line) => line !== '').join('\r\n') + text.slice(end)
}

describe('a port that is sent thousands of messages that are nearly right', () => {
  beforeAll(() => void vi.useFakeTimers())
  afterAll(() => void vi.useRealTimers())

  it('answers what can be answered, keeps little, and forgets it all', { timeout: WITHIN_MS }, async () => {
    let calls = 0
    const { port, hear, sent, troubles } = openWiredPort(onTestFinished, {
      ears: {
        incoming: (call) => {
          calls += 1
          if (calls % 3 === 0) void call.accept().catch(() => undefined)
          else if (calls % 3 === 1) call.reject(486)
        },
        referred: () => undefined,
      },
    })
    port.watch('8002', () => undefined)
    const unanswered: string[] = []
    const statuses = new Set<string>()
    let mostTimers = 0
    /** The tag of this side in the last dialogue, and what this side has asked last. */
    let [toTag, callId, asked] = ['', '', '']
    let id = 0
    for (let batch = 0; batch < CASES / BATCH; batch++) {
      for (const one of fc.sample(message, { numRuns: BATCH, seed: batch })) {
        id += 1
        const headers = [one.header, `Content-Type: ${one.type}`]
        const known = one.call === 0 && toTag !== ''
        const text =
          one.answer !== null && asked !== ''
            ? sipAnswer(asked, `${one.answer} Whatever`, ['Contact: <sip:x@192.0.2.9>', ...headers], one.body)
            : sipRequest(one.method, {
                ...{ cseq: one.cseq, headers, body: one.body },
                ...(known ? { id: callId, toTag } : { id: `${id}` }),
              }).replace(/branch=[^;]*/, `branch=z9hG4bK-${id}`)
        const wrong = spoilt(text, one.faults)
        sent.length = 0
        hear(wrong)
        // Answers are made at once, but for what has to wait for the media.
        if (sent.length === 0 && one.answer === null && badRequest(unfolded(wrong) ?? '') !== undefined)
          unanswered.push(wrong)
        for (const said of sent) {
          if (said.startsWith('SIP/2.0')) statuses.add(kindOf(said))
          else asked = said
          const tag = /^SIP\/2.0 200.*\r\n(?:.*\r\n)*To:.*;tag=(\S+)\r\n/.exec(said)?.[1]
          if (tag !== undefined && /^CSeq: \d+ INVITE/m.test(said))
            [toTag, callId] = [tag, /^Call-ID: (.*)\r$/m.exec(said)?.[1] ?? '']
        }
        if (id % 100 === 0) port.call(`${id}`)
      }
      await vi.advanceTimersByTimeAsync(0)
      asked = sent.find((said) => !said.startsWith('SIP/2.0')) ?? asked
      mostTimers = Math.max(mostTimers, vi.getTimerCount())
      expect(port.calls.filter(({ direction }) => direction === 'in').length).toBeLessThanOrEqual(MOST_CALLS)
      if (batch % 2 === 1) {
        for (const call of port.calls) call.hangUp()
        await vi.advanceTimersByTimeAsync(FORGOTTEN_MS)
      }
    }
    expect(mostTimers).toBeLessThan(MOST_TIMERS)
    expect(troubles).toEqual([])
    expect(unanswered).toEqual([])
    expect([...statuses].toSorted()).toEqual(statusesExpected)
    expect(calls).toBeGreaterThan(CASES / 200)
    hear(sipRequest('OPTIONS', { id: 'alive' }))
    expect(kindOf(sent.at(-1) ?? '')).toBe('200')
    await Promise.all([port.close(), vi.advanceTimersByTimeAsync(FORGOTTEN_MS)])
    await vi.advanceTimersByTimeAsync(FORGOTTEN_MS)
    expect(vi.getTimerCount()).toBe(0)
  })
})

/** Whole messages, halves of them and rubbish, one behind the other. */
const stream = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: message.map((one) =>
        Buffer.from(spoilt(sipRequest(one.method, { headers: [one.header], body: one.body }), one.faults)),
      ),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: fc.constant(Buffer.from('\r\n\r\n')) },
  ),
  { minLength: 1, maxLength: 3 },
)

describe('the edge to the network', () => {
  it('makes messages of a stream of bytes however it is cut, or gives it up', { timeout: WITHIN_MS }, () => {
    let [whole, given] = [0, 0]
    for (let batch = 0; batch < TEXTS / BATCH; batch++)
      for (const [at, pieces] of fc.sample(stream, { numRuns: BATCH, seed: batch }).entries()) {
        const bytes = Buffer.concat(pieces)
        const cut = at % (bytes.length + 1)
        const [once, twice] = [heardOf([bytes]), heardOf([bytes.subarray(0, cut), bytes.subarray(cut)])]
        expect(twice).toEqual(once)
        whole += once.messages.length
        given += once.failed ? 1 : 0
      }
    expect(whole).toBeGreaterThan(TEXTS / 4)
    expect(given).toBeGreaterThan(TEXTS / 100)
  })

  it('reads anything that a message may be, and writes nothing of it where it does not belong', {
    timeout: WITHIN_MS,
  }, () => {
    for (let batch = 0; batch < TEXTS / BATCH; batch++)
      for (const one of fc.sample(message, { numRuns: BATCH, seed: batch })) {
        const plain = sipRequest(one.method, {
          cseq: one.cseq,
          headers: [one.header, `Content-Type: ${one.type}`],
          body: one.body,
        })
        const text = unfolded(spoilt(plain, one.faults))
        if (text === undefined) continue
        const stamped = stampVia(text, { host: '192.0.2.1', port: 5060 })
        expect(stamped.split('\r\n').length).toBe(text.split('\r\n').length)
        const target = responseTarget(stamped)
        // Whatever a forger has written there, an answer goes back to where the request came from.
        if (target !== undefined && /;rport/i.test(text))
          expect(target).toEqual({ host: '192.0.2.1', port: 5060 })
        requestTarget(text, 'pbx.test', { host: '192.0.2.1', port: 5060 })
        transactionKey(text)
        withOneChallenge(text, () => true)
        sdpPart('multipart/mixed;boundary=b', one.body)
        sessionExpires(one.header)
        for (const part of replacesOf(one.header) ?? []) expect(part).not.toMatch(/\s/)
        const refusal = badRequest(text)
        if (refusal !== undefined) expect(refusal).toMatch(/^SIP\/2\.0 4\d\d .*\r\n\r\n$/s)
      }
  })
})

/** What comes out of a stream that arrives in these pieces. */
function heardOf(pieces: readonly Buffer[]): { messages: readonly string[]; failed: boolean } {
  const messages: string[] = []
  const framing = new Framing({ message: (text) => messages.push(text), emptyLine: () => undefined })
  try {
    for (const piece of pieces) framing.take(piece)
    return { messages, failed: false }
  } catch (error) {
    expect(error).toBeInstanceOf(FramingError)
    return { messages, failed: true }
  } finally {
    for (const text of messages) expect(text.length).toBeLessThanOrEqual(LONGEST_HEAD + LONGEST_BODY + 4)
  }
}
