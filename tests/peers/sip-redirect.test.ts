/** Calls that are sent on: followed where this side calls, asked for where it is called (RFC 3261, 8.1.3.4, 21.3.3). */
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openTestSip } from '../support/sip-line.ts'
import { receive, receiveStatus, reply, replyWithin, request, sdpBody, startSipp } from '../support/sipp.ts'

const patience = { timeout: 20_000, interval: 50 }
/** Fails the scenario where what has come is for somebody else. */
const isFor = (user: string) =>
  `<ereg regexp="^INVITE sip:${user}@" search_in="msg" check_it="true" assign_to="uri"/><log message="[$uri]"/>`
const movedTo = (user: string) =>
  reply('302 Moved Temporarily').replace(
    /Contact: .*/,
    `Contact: "Elsewhere" <sip:${user}@pbx.test;transport=udp?Subject=ignored>`,
  )
const desk = (server: number) =>
  openTestSip(onTestFinished, {
    user: 'desk',
    password: 'none',
    server: { transport: 'udp', host: '127.0.0.1', port: server },
  })

describe('a call out that is sent on', () => {
  it('goes where it is sent, and on from there', async () => {
    const sipp = await startSipp(onTestFinished, [
      receive('INVITE', isFor('95110')),
      movedTo('95111'),
      receive('ACK'),
      receive('INVITE', isFor('95111')),
      movedTo('95112'),
      receive('ACK'),
      receive('INVITE', isFor('95112')),
      reply('200 OK', [], sdpBody()),
      receive('ACK'),
      receive('BYE'),
      replyWithin('200 OK'),
    ])
    const call = desk(sipp.port).port.call('95110')
    await vi.waitFor(() => expect(call.state).toBe('talking'), patience)
    call.hangUp()
    await sipp.done
  })

  it('round in a circle ends', async () => {
    const sipp = await startSipp(onTestFinished, [
      receive('INVITE', isFor('95110')),
      movedTo('95111'),
      receive('ACK'),
      receive('INVITE', isFor('95111')),
      movedTo('95111'),
      receive('ACK'),
    ])
    const call = desk(sipp.port).port.call('95110')
    await vi.waitFor(() => expect(call.end).toMatchObject({ why: 'forwarded', code: 302 }), patience)
    await sipp.done
  })
})

describe('a call in that is sent on', () => {
  it('is answered with where to, and why', async () => {
    const exchange = await startSipp(onTestFinished, [
      receive(
        'REGISTER',
        '<ereg regexp="127.0.0.1:[0-9]+" search_in="hdr" header="Contact:" assign_to="at"/><log message="[$at]"/>',
      ),
      reply('200 OK', ['Expires: 600']),
    ])
    const { port, incoming } = desk(exchange.port)
    await port.register()
    await exchange.done
    const at = Number(exchange.logged().trim().split(':').at(-1))
    const sipp = await startSipp(
      onTestFinished,
      [
        request('INVITE', 1, { user: 'desk', body: sdpBody() }),
        receiveStatus(100, true),
        receiveStatus(180),
        '<recv response="302"><action><ereg regexp="sip:8002@pbx.test" search_in="hdr" header="Contact:" check_it="true" assign_to="to"/><ereg regexp="reason=no-answer" search_in="hdr" header="Diversion:" check_it="true" assign_to="why"/><log message="[$to] [$why]"/></action></recv>',
        request('ACK', 1, { user: 'desk', tag: '[peer_tag_param]' }),
      ],
      at,
    )
    await vi.waitFor(() => expect(incoming).toHaveLength(1), patience)
    incoming[0]?.ring()
    incoming[0]?.redirect('8002')
    expect(incoming[0]?.end).toMatchObject({ why: 'forwarded', here: true })
    await sipp.done
  })
})
