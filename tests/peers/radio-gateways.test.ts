/** Radio gateways that others have made: a phone that answers by itself, and what says exactly what a test wants. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openSipDriver, type SipAccess } from '../../main/engine/radio/drivers/sip.ts'
import { startBaresip } from '../support/baresip.ts'
import { makeAuthority } from '../support/certificates.ts'
import { openTestDriver } from '../support/channel-driver.ts'
import { temporaryFolder } from '../support/folder.ts'
import { receive, reply, replyWithin, sdpBody, startSipp } from '../support/sipp.ts'
import { shareOf } from '../support/tone.ts'

const connect = (port: number, keying: SipAccess['keying'], more: Partial<SipAccess> = {}) =>
  openTestDriver(onTestFinished, (options) =>
    openSipDriver(
      { kind: 'sip', host: '127.0.0.1', port, transport: 'udp', user: 'radio', keying, ...more },
      options,
    ),
  )

describe('baresip as a gateway', () => {
  it('is keyed by telephone keys, hears the voice between them, and opens squelch with its own', async () => {
    const gateway = await startBaresip(onTestFinished, {
      ...{ user: 'radio', password: 'none', domain: '127.0.0.1', answers: 'auto', codecs: 'PCMA' },
    })
    const seat = connect(gateway.port, 'dtmf')
    await expect.poll(() => seat.told()).toContain('squelch-open')
    await expect.poll(() => shareOf(440, seat.heard().slice(-4_000))).toBeGreaterThan(0.9)
    const stop = seat.speak(700)
    seat.driver.key(false)
    await expect.poll(() => seat.told()).toContain('keyed')
    expect(seat.told()).toContain('squelch-closed')
    const keys = () =>
      gateway.events.filter(({ type }) => type === 'CALL_DTMF_START').map(({ param }) => param)
    await expect.poll(keys).toEqual(['*'])
    const before = seat.spoken()
    await expect.poll(() => seat.spoken() - before).toBeGreaterThan(50)
    seat.driver.unkey()
    stop()
    await expect.poll(keys).toEqual(['*', '#'])
    await seat.driver.close()
    await gateway.until('CALL_CLOSED')
    await gateway.kill()
    const played = gateway.played()
    const loud = [...Array(Math.floor(played.length / 800)).keys()]
      .map((at) => played.slice(at * 800, at * 800 + 800))
      .filter((piece) => piece.some((sample) => Math.abs(sample) > 3_000))
    expect(loud.length).toBeGreaterThan(5)
    expect(loud.filter((piece) => shareOf(700, piece) > 0.9).length).toBeGreaterThan(4)
  })
})

describe('baresip as a gateway over TCP', () => {
  it('is heard, and called again when it has hung up', async () => {
    const gateway = await startBaresip(onTestFinished, {
      ...{ user: 'radio', password: 'none', domain: '127.0.0.1', answers: 'auto', codecs: 'PCMU' },
    })
    const seat = connect(gateway.port, 'voice', { transport: 'tcp' })
    await expect.poll(() => shareOf(440, seat.heard().slice(-4_000))).toBeGreaterThan(0.9)
    gateway.tell('hangup')
    await expect.poll(() => seat.told().filter((what) => what === 'squelch-open')).toHaveLength(2)
    expect(seat.told().slice(0, 5)).toEqual(['up', 'squelch-open', 'squelch-closed', 'down: hung-up', 'up'])
  })
})

describe('baresip as a gateway over TLS', () => {
  it('whose sound must be protected is heard where its authority is known, and not called where it isn’t', async () => {
    const folder = temporaryFolder(onTestFinished)
    const authority = await makeAuthority(folder)
    const { cert, key } = await authority.issue('gateway')
    const certificate = join(folder, 'both.pem')
    writeFileSync(certificate, cert + key)
    const gateway = await startBaresip(onTestFinished, {
      ...{ user: 'radio', password: 'none', domain: '127.0.0.1', answers: 'auto', codecs: 'PCMA' },
      ...{ protects: 'srtp-mand', certificate },
    })
    const secure = { transport: 'tls', srtp: true } as const
    const known = connect(gateway.port + 1, 'voice', { ...secure, authorities: authority.cert })
    await expect.poll(() => shareOf(440, known.heard().slice(-4_000))).toBeGreaterThan(0.9)
    const unknown = connect(gateway.port + 1, 'voice', secure)
    await expect.poll(() => unknown.told()[0]).toMatch(/^down: .*certificate/)
  })
})

describe('sipp as a gateway', () => {
  it('is called as a radio where it is one, in every message', async () => {
    const check = (header: string, value: string) =>
      `<ereg regexp="${value}" search_in="hdr" header="${header}:" check_it="true" assign_to="seen"/>` +
      '<log message="[$seen]"/>'
    const offers = (line: string) =>
      `<ereg regexp="${line}" search_in="body" check_it="true" assign_to="seen"/><log message="[$seen]"/>`
    const gateway = await startSipp(onTestFinished, [
      receive(
        'INVITE',
        [
          check('Subject', 'radio'),
          check('Priority', 'normal'),
          check('WG67-Version', 'radio.01'),
          offers('R2S-KeepAlivePeriod:200'),
        ].join(''),
      ),
      reply('200 OK', [], sdpBody()),
      receive('ACK', check('WG67-Version', 'radio.01')),
      receive('BYE', check('WG67-Version', 'radio.01')),
      replyWithin('200 OK'),
    ])
    const seat = connect(gateway.port, 'ed137')
    // It sends no keep-alives, but what it is sent comes back: that is a gateway’s packet, too.
    await expect.poll(() => seat.told()).toContain('up')
    await seat.driver.close()
    await gateway.done
  })

  it('is keyed by INFO; a key that it refuses is denied, and an end that it refuses ends the call', async () => {
    const signal = (key: string) =>
      `<ereg regexp="Signal=${key}" search_in="body" check_it="true" assign_to="seen"/><log message="[$seen]"/>`
    const gateway = await startSipp(onTestFinished, [
      receive('INVITE'),
      reply('200 OK', [], sdpBody()),
      receive('ACK'),
      receive('INFO', signal('\\*')),
      replyWithin('415 Unsupported Media Type'),
      receive('INFO', signal('\\*')),
      replyWithin('200 OK'),
      receive('INFO', signal('#')),
      replyWithin('500 Server Internal Error'),
      receive('BYE'),
      replyWithin('200 OK'),
    ])
    const seat = connect(gateway.port, 'info')
    await expect.poll(() => seat.told()).toContain('up')
    seat.driver.key(false)
    await expect.poll(() => seat.told()).toContain('unkeyed: denied')
    seat.driver.key(false)
    await expect.poll(() => seat.told()).toContain('keyed')
    seat.driver.unkey()
    await expect.poll(() => seat.told()).toContain('down: the gateway was not told that the key is up')
    await gateway.done
  })
})
