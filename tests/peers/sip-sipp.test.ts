import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { startKamailio } from '../support/kamailio.ts'
import { openLossyPath } from '../support/lossy-udp.ts'
import { openTestSip } from '../support/sip-line.ts'
import {
  receive,
  receiveAnswer,
  receiveStatus,
  reply,
  replyWithin,
  request,
  requestBack,
  sdpBody,
  startSipp,
} from '../support/sipp.ts'

const patience = { timeout: 20_000, interval: 50 }
const tag = '[peer_tag_param]'
/** Learns who is who, to ask something of the caller later. */
const learn = [
  '<ereg regexp=".*" search_in="hdr" header="From:" assign_to="remote"/>',
  '<ereg regexp=".*" search_in="hdr" header="To:" assign_to="called"/>',
  '<assignstr assign_to="local" value="[$called];tag=[pid]S[call_number]"/>',
].join('')

describe('a call out to sipp', () => {
  it('is refreshed at half of the time of its session timer', async () => {
    const timer = ['Session-Expires: 4;refresher=uac', 'Require: timer']
    const sipp = await startSipp(onTestFinished, [
      receive('INVITE'),
      reply('200 OK', timer, sdpBody()),
      receive('ACK'),
      receive('INVITE'),
      replyWithin('200 OK', timer, sdpBody()),
      receive('ACK'),
      receive('INVITE'),
      replyWithin('200 OK', [], sdpBody()),
      receive('ACK'),
      receive('BYE'),
      replyWithin('200 OK'),
    ])
    const { port } = desk(sipp.port)
    const call = port.call('sipp')
    const answers: string[] = []
    const { accept } = call.media
    call.media.accept = async (answer) => {
      answers.push(answer)
      return accept.call(call.media, answer)
    }
    await vi.waitFor(() => expect(answers).toHaveLength(3), patience)
    expect(call.state).toBe('talking')
    call.hangUp()
    await sipp.done
  })

  it('ends as lost when the other side does not refresh its session timer', async () => {
    const sipp = await startSipp(onTestFinished, [
      receive('INVITE'),
      reply('200 OK', ['Session-Expires: 3;refresher=uas'], sdpBody()),
      receive('ACK'),
      receive('BYE'),
      replyWithin('200 OK'),
    ])
    const call = desk(sipp.port).port.call('sipp')
    await vi.waitFor(
      () => expect(call.end).toMatchObject({ why: 'lost', reason: 'session expired' }),
      patience,
    )
    await sipp.done
  })

  it('asks again for a longer session timer when it is told so', async () => {
    const sipp = await startSipp(onTestFinished, [
      receive('INVITE'),
      reply('422 Session Interval Too Small', ['Min-SE: 3600']),
      receive('ACK'),
      receive(
        'INVITE',
        '<ereg regexp="3600" search_in="hdr" header="Session-Expires:" check_it="true" assign_to="x"/><log message="[$x]"/>',
      ),
      reply('486 Busy Here'),
      receive('ACK'),
    ])
    const call = desk(sipp.port).port.call('sipp')
    await vi.waitFor(() => expect(call.end).toMatchObject({ why: 'busy', code: 486 }), patience)
    await sipp.done
  })

  it('that is told of a glare while it is being held lets the other side first, and is held then', async () => {
    const sipp = await startSipp(onTestFinished, [
      receive('INVITE', learn).replace('<recv', '<recv rrs="true"'),
      reply('200 OK', [], sdpBody()),
      receive('ACK'),
      receive('INVITE'),
      replyWithin('491 Request Pending'),
      receive('ACK'),
      requestBack('INVITE', 50, sdpBody(['m=audio [media_port] RTP/AVP 0', 'a=sendonly'])),
      receiveAnswer(200),
      requestBack('ACK', 50),
      receive('INVITE'),
      replyWithin('200 OK', [], sdpBody(['m=audio [media_port] RTP/AVP 0', 'a=recvonly'])),
      receive('ACK'),
      receive('BYE'),
      replyWithin('200 OK'),
    ])
    const call = desk(sipp.port).port.call('sipp')
    await vi.waitFor(() => expect(call.state).toBe('talking'), patience)
    const held = call.hold()
    expect(call.state).toBe('holding')
    await vi.waitFor(() => expect(call.heldThere).toBe(true), patience)
    expect(call.state).toBe('holding')
    await held
    expect(call.state).toBe('held')
    call.hangUp()
    await sipp.done
  })

  it('is heard before it is answered, where the exchange speaks first', async () => {
    const sipp = await startSipp(onTestFinished, [
      receive('INVITE'),
      reply('183 Session Progress', [], sdpBody()),
      receive('CANCEL'),
      replyWithin('200 OK'),
    ])
    const call = desk(sipp.port).port.call('sipp')
    await vi.waitFor(() => expect(call.state).toBe('early'), patience)
    call.hangUp()
    await sipp.done
  })

  it('goes on as it was when a hold is refused', async () => {
    const sipp = await startSipp(onTestFinished, [
      receive('INVITE'),
      reply('200 OK', [], sdpBody()),
      receive('ACK'),
      receive('INVITE'),
      replyWithin('488 Not Acceptable Here'),
      receive('ACK'),
      receive('BYE'),
      replyWithin('200 OK'),
    ])
    const call = desk(sipp.port).port.call('sipp')
    await vi.waitFor(() => expect(call.state).toBe('talking'), patience)
    await expect(call.hold()).rejects.toMatchObject({ code: 488 })
    expect(call.state).toBe('talking')
    call.hangUp()
    await sipp.done
  })
})

describe('a call in from sipp', () => {
  it('to any number of the exchange comes in, and may leave the offer to this side', async () => {
    const { incoming, at } = await registered()
    const sipp = await startSipp(
      onTestFinished,
      [
        request('INVITE', 1, { user: '95110' }),
        receiveAnswer(200),
        request('ACK', 1, { user: '95110', tag, body: sdpBody() }),
        receive('BYE'),
        replyWithin('200 OK'),
      ],
      at,
    )
    await vi.waitFor(() => expect(incoming).toHaveLength(1), patience)
    expect(incoming[0]).toMatchObject({ called: '95110', remote: { number: 'sipp', name: 'Sipp' } })
    await incoming[0]?.accept()
    incoming[0]?.hangUp()
    await sipp.done
  })

  it('with media that can’t be had is refused with 488', async () => {
    const { incoming, at } = await registered()
    const sipp = await startSipp(
      onTestFinished,
      [
        request('INVITE', 1, { body: sdpBody(['m=audio [media_port] RTP/AVP 3', 'a=rtpmap:3 GSM/8000']) }),
        receiveAnswer(488),
        request('ACK', 1, { tag }),
      ],
      at,
    )
    await vi.waitFor(() => expect(incoming).toHaveLength(1), patience)
    await expect(incoming[0]?.accept()).rejects.toMatchObject({ code: 488 })
    expect(incoming[0]?.end).toMatchObject({ why: 'media', code: 488 })
    await sipp.done
  })

  it('goes on when its other side asks for media that can’t be had', async () => {
    const { incoming, at } = await registered()
    const sipp = await startSipp(
      onTestFinished,
      [
        request('INVITE', 1, { body: sdpBody() }),
        receiveAnswer(200),
        request('ACK', 1, { tag }),
        request('INVITE', 2, { tag, body: sdpBody(['m=audio [media_port] RTP/AVP 3']) }),
        receiveAnswer(488),
        request('ACK', 2, { tag }),
        request('BYE', 3, { tag, headers: ['Reason: Q.850;cause=16;text="Normal"'] }),
        receiveAnswer(200),
      ],
      at,
    )
    await vi.waitFor(() => expect(incoming).toHaveLength(1), patience)
    await incoming[0]?.accept()
    await vi.waitFor(
      () => expect(incoming[0]?.end).toEqual({ why: 'hung-up', code: 16, reason: 'Normal', here: false }),
      patience,
    )
    await sipp.done
  })

  it('and is sent on at once is asked to go when it has acknowledged the answer, and not before', async () => {
    const { incoming, at } = await registered()
    const sipp = await startSipp(
      onTestFinished,
      [
        request('INVITE', 1, { body: sdpBody() }),
        receiveAnswer(200),
        '<pause milliseconds="300"/>',
        request('ACK', 1, { tag }),
        receive('REFER'),
        replyWithin('202 Accepted'),
        request('BYE', 2, { tag }),
        receiveAnswer(200),
      ],
      at,
    )
    await vi.waitFor(() => expect(incoming).toHaveLength(1), patience)
    await incoming[0]?.accept()
    await incoming[0]?.transfer('8000')
    await sipp.done
  })

  it.each([
    ['an extension we do not know', 'Require: teleport', 420],
    ['too short a session timer', 'Session-Expires: 30', 422],
    ['a dialogue to replace that is not here', 'Replaces: 1@x;to-tag=2;from-tag=3', 481],
  ])('that wants %s is refused', async (_, header, status) => {
    const { incoming, at } = await registered()
    const sipp = await startSipp(
      onTestFinished,
      [
        request('INVITE', 1, { body: sdpBody(), headers: [header] }),
        receiveAnswer(status),
        request('ACK', 1, { tag }),
      ],
      at,
    )
    await sipp.done
    expect(incoming).toEqual([])
  })

  it('that was answered by another phone was taken elsewhere', async () => {
    const { incoming, at } = await registered()
    const branch = 'z9hG4bK-the-only-one'
    const reason = 'Reason: SIP;cause=200;text="Call completed elsewhere"'
    await startSipp(
      onTestFinished,
      [
        request('INVITE', 1, { branch }),
        receiveStatus(100, true),
        receiveStatus(180),
        request('CANCEL', 1, { branch, headers: [reason] }),
        receiveStatus(200),
        receiveStatus(487),
      ],
      at,
    )
    await vi.waitFor(() => expect(incoming).toHaveLength(1), patience)
    incoming[0]?.ring()
    await vi.waitFor(
      () => expect(incoming[0]?.end).toMatchObject({ why: 'elsewhere', reason: 'Call completed elsewhere' }),
      patience,
    )
  })
})

describe('a number that is watched', () => {
  it('shows what its exchange says of it, and is asked for no more when nobody looks', async () => {
    const subscribed = (state: string, cseq: number, extra = '') =>
      requestBack(
        'NOTIFY',
        cseq,
        `<dialog-info version="${cseq}" state="full">${state === 'idle' ? '' : `<dialog id="1"><state>${state}</state></dialog>`}</dialog-info>`,
        [
          'Event: dialog',
          `Subscription-State: ${extra || 'active;expires=600'}`,
          'Content-Type: application/dialog-info+xml',
        ],
      )
    const sipp = await startSipp(onTestFinished, [
      receive('SUBSCRIBE', learn).replace('<recv', '<recv rrs="true"'),
      reply('200 OK', ['Expires: 600']),
      subscribed('idle', 1),
      receiveStatus(200),
      subscribed('early', 2),
      receiveStatus(200),
      subscribed('confirmed', 3),
      receiveStatus(200),
      receive(
        'SUBSCRIBE',
        '<ereg regexp="^ *0" search_in="hdr" header="Expires:" check_it="true" assign_to="none"/><log message="[$none]"/>',
      ),
      replyWithin('200 OK', ['Expires: 0']),
    ])
    const states: string[] = []
    const stop = desk(await withoutPresence(sipp.port)).port.watch('8002', (state) => states.push(state))
    await vi.waitFor(() => expect(states).toEqual(['unknown', 'idle', 'ringing', 'busy']), patience)
    stop()
    await sipp.done
  })

  it('that is not there is offline', async () => {
    const sipp = await startSipp(onTestFinished, [receive('SUBSCRIBE'), reply('404 Not Found')])
    const states: string[] = []
    desk(await withoutPresence(sipp.port)).port.watch('8009', (state) => states.push(state))
    await vi.waitFor(() => expect(states).toEqual(['unknown', 'offline']), patience)
    await sipp.done
  })
})

describe('over a path that loses the first datagram of every message', () => {
  const users = { desk: 'password-of-desk' }

  /** The first time each message is seen. */
  function firstOnes() {
    const seen = new Set<string>()
    return (datagram: string) => {
      const name = `${datagram.split('\r\n')[0]} ${/^cseq:.*$/im.exec(datagram)?.[0]}`
      return !seen.has(name) && seen.add(name) !== undefined
    }
  }

  it('a line registers, sends a message and is told of a number that is not there', async () => {
    const kamailio = await startKamailio(onTestFinished, { users })
    const path = await openLossyPath(onTestFinished, kamailio.server('udp').port, firstOnes())
    const { port, messages } = openTestSip(onTestFinished, {
      user: 'desk',
      password: users.desk,
      server: { transport: 'udp', host: '127.0.0.1', port: path.port },
    })
    await port.register()
    await port.sendMessage('desk', 'to myself')
    await vi.waitFor(() => expect(messages).toHaveLength(1), patience)
    const call = port.call('nobody')
    await vi.waitFor(() => expect(call.end).toMatchObject({ code: 404 }), patience)
    expect(path.lost()).toBeGreaterThan(8)
  })

  it('a refusal is said again until it is acknowledged', async () => {
    const { incoming, at } = await registered()
    const loses = firstOnes()
    const path = await openLossyPath(onTestFinished, at, (datagram) =>
      datagram.startsWith('SIP/2.0 486') ? loses(datagram) : false,
    )
    const sipp = await startSipp(
      onTestFinished,
      [request('INVITE', 1, { body: sdpBody() }), receiveAnswer(486), request('ACK', 1, { tag })],
      path.port,
    )
    await vi.waitFor(() => expect(incoming).toHaveLength(1), patience)
    incoming[0]?.reject(486)
    await sipp.done
    expect(path.lost()).toBe(1)
  })
})

/** A way to sipp for what is said of dialogues: it goes through one thing at a time. */
async function withoutPresence(sipp: number): Promise<number> {
  const path = await openLossyPath(onTestFinished, sipp, (datagram) => /^Event: presence/m.test(datagram))
  return path.port
}

/** A port whose server is this sipp, without registration. */
const desk = (server: number) =>
  openTestSip(onTestFinished, {
    user: 'desk',
    password: 'none',
    server: { transport: 'udp', host: '127.0.0.1', port: server },
  })

/** A port that is open, and where: sipp registers it as its server would. */
async function registered() {
  const sipp = await startSipp(onTestFinished, [
    receive(
      'REGISTER',
      '<ereg regexp="127.0.0.1:[0-9]+" search_in="hdr" header="Contact:" assign_to="all"/><log message="[$all]"/>',
    ),
    reply('200 OK', ['Expires: 600']),
  ])
  const sip = desk(sipp.port)
  await sip.port.register()
  await sipp.done
  return { ...sip, at: Number(/:(\d+)/.exec(sipp.logged())?.[1]) }
}
