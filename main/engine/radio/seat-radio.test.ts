import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Id } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import { endings } from '../../../tests/support/at-end.ts'
import {
  OFFICER,
  openTestRadio,
  stateWith,
  type TestRadio,
  testChannel,
} from '../../../tests/support/radio-seat.ts'

const { atEnd, run } = endings()
afterEach(run)

const police = testChannel('police-1')
const fire = testChannel('fire-1', {
  access: { kind: 'rtp', address: '239.1.1.2', port: 5004, codec: 'PCMA' },
})
const both = [police, fire]
const talk = (channels: Id[] | null, emergency = false) => ({ channels, emergency })
const grant = ({ floor }: TestRadio, channel: Id) =>
  floor.notice({ kind: 'granted', channel, turn: floor.turn(channel) })
const squelchOpen = { kind: 'squelch-open', radio: '4107', emergency: false } as const

describe('the radio of a seat', () => {
  it('listens to all channels that the officer may hear, but for those that are switched off', async () => {
    const seat = await openTestRadio(atEnd, both)
    expect(seat.radio.state.value.channels.map(({ id }) => id)).toEqual(['police-1', 'fire-1'])
    seat.use({ unmonitored: ['police-1'] })
    await seat.settled()
    expect(seat.radio.state.value.channels.map(({ id }) => id)).toEqual(['fire-1'])
    expect(seat.driver('police-1').deeds).toEqual(['close'])
  })

  it('says who is heard, by the directory’s unit, and who was heard last', async () => {
    const seat = await openTestRadio(atEnd, both)
    seat.driver('police-1').report(squelchOpen)
    seat.driver('police-1').hear()
    await seat.settled()
    expect(seat.channel('police-1')?.reception).toMatchObject({
      squelch: 'open',
      talker: { radio: '4107', unit: 'patrol-7', account: null },
    })
    expect(seat.page('police-1').heard).toHaveLength(1)
    seat.driver('police-1').report({ kind: 'squelch-closed' })
    await seat.settled()
    expect(seat.channel('police-1')).toMatchObject({
      reception: { squelch: 'closed' },
      lastHeard: { talker: { unit: 'patrol-7' } },
    })
    expect(seat.over).toMatchObject([{ channel: 'police-1', direction: 'in', talker: { radio: '4107' } }])
  })

  it('tells the hub of radios that talk without the floor, and not of seats that have it', async () => {
    const { floor, driver, channel, settled } = await openTestRadio(atEnd, both)
    driver('police-1').report(squelchOpen)
    driver('police-1').report({ kind: 'squelch-closed' })
    const talker = { radio: '4107', unit: 'patrol-7', account: null }
    expect(floor.told).toEqual([
      { kind: 'heard', channel: 'police-1', talker },
      { kind: 'heard', channel: 'police-1', talker: null },
    ])
    const by = { radio: null, unit: null, account: 'south-officer' }
    floor.notice({ kind: 'taken', channel: 'police-1', by, emergency: false })
    driver('police-1').report({ ...squelchOpen, radio: 'south-officer' })
    await settled()
    expect(floor.told).toHaveLength(2)
    expect(channel('police-1')?.reception).toMatchObject({ talker: { account: 'south-officer' } })
  })

  it('lets the microphone out only once it has the floor and the channel is keyed, and until the key comes up', async () => {
    const seat = await openTestRadio(atEnd, both)
    const page = seat.page('police-1')
    const driver = seat.driver('police-1')
    driver.willing = false
    page.speak()
    const key = seat.radio.press(talk(['police-1']))
    page.speak()
    grant(seat, 'police-1')
    page.speak()
    expect([driver.deeds, driver.sent, page.isOpen()]).toEqual([['key'], [], false])
    driver.report({ kind: 'keyed' })
    page.speak()
    expect(driver.sent).toHaveLength(1)
    expect(seat.channel('fire-1')?.transmission).toEqual({ state: 'idle' })
    key.up()
    page.speak()
    expect([driver.deeds, driver.sent.length, page.isOpen()]).toEqual([['key', 'unkey'], 1, false])
    expect(seat.floor.told.at(-1)).toMatchObject({ kind: 'release', turn: seat.floor.turn('police-1') })
    expect(seat.over).toMatchObject([{ direction: 'out', talker: { account: OFFICER } }])
  })

  it('talks on all selected channels with one key', async () => {
    const seat = await openTestRadio(atEnd, both, { hub: false })
    expect(() => seat.radio.press(talk(null))).toThrow('no-channel')
    seat.use({ selected: ['police-1', 'fire-1'] })
    const key = seat.radio.press(talk(null))
    seat.page('police-1').speak()
    seat.page('fire-1').speak()
    expect([seat.driver('police-1').sent.length, seat.driver('fire-1').sent.length]).toEqual([1, 1])
    key.up()
    expect([seat.page('police-1').isOpen(), seat.page('fire-1').isOpen()]).toEqual([false, false])
  })

  it('is released by the last of several keys that comes up', async () => {
    const seat = await openTestRadio(atEnd, both, { hub: false })
    const [space, pedal] = [seat.radio.press(talk(['police-1'])), seat.radio.press(talk(['police-1']))]
    space.up()
    space.up()
    expect(seat.page('police-1').isOpen()).toBe(true)
    pedal.up()
    expect(seat.driver('police-1').deeds).toEqual(['key', 'unkey'])
  })

  it('asks anew, as an emergency, when such a key goes down while it talks', async () => {
    const seat = await openTestRadio(atEnd, both)
    const key = seat.radio.press(talk(['police-1']))
    grant(seat, 'police-1')
    const emergency = seat.radio.press(talk(['police-1'], true))
    expect(seat.floor.told.slice(-2)).toMatchObject([
      { kind: 'release' },
      { kind: 'request', emergency: true },
    ])
    grant(seat, 'police-1')
    expect(seat.driver('police-1').deeds).toEqual(['key', 'unkey', 'key for an emergency'])
    emergency.up()
    key.up()
    expect(seat.page('police-1').isOpen()).toBe(false)
  })

  it('does not let a key that was refused talk later, and lets another ask anew', async () => {
    const seat = await openTestRadio(atEnd, both, { hub: false })
    const driver = seat.driver('police-1')
    driver.report(squelchOpen)
    const stuck = seat.radio.press(talk(['police-1']))
    driver.report({ kind: 'squelch-closed' })
    await seat.settled()
    expect(seat.channel('police-1')?.transmission).toMatchObject({ state: 'refused', why: 'busy' })
    const other = seat.radio.press(talk(['police-1']))
    expect(driver.deeds).toEqual(['key'])
    other.up()
    expect(driver.deeds).toEqual(['key', 'unkey'])
    expect(seat.page('police-1').isOpen()).toBe(false)
    stuck.up()
  })

  it.each([
    ['the page goes', (seat: TestRadio, page: AbortController) => void [seat, page.abort()]],
    ['the officer signs out', (seat: TestRadio) => seat.sit(null)],
    ['another officer sits down', (seat: TestRadio) => seat.sit('south-officer')],
    ['the right to key it ends', (seat: TestRadio) => seat.sit(OFFICER, stateWith(both, false))],
    ['the channel is switched off', (seat: TestRadio) => seat.use({ unmonitored: ['police-1'] })],
    ['the radio is closed', (seat: TestRadio) => void seat.radio.close()],
    [
      'the floor is taken back',
      ({ floor }: TestRadio) =>
        floor.notice({
          kind: 'revoked',
          channel: 'police-1',
          turn: floor.turn('police-1'),
          why: 'pre-empted',
        }),
    ],
  ])('lets go when %s while its key is down', async (_, happens) => {
    const seat = await openTestRadio(atEnd, both)
    const driver = seat.driver('police-1')
    const page = new AbortController()
    atEnd(() => page.abort())
    const talking = seat.radio.port.talk(talk(['police-1']), page.signal)[Symbol.asyncIterator]()
    await talking.next()
    const ended = talking.next()
    grant(seat, 'police-1')
    expect(driver.deeds).toEqual(['key'])
    happens(seat, page)
    await vi.waitFor(() => expect(driver.deeds).toContain('unkey'))
    expect(seat.page('police-1').isOpen()).toBe(false)
    expect(seat.over).toMatchObject([{ direction: 'out' }])
    page.abort()
    await ended
  })

  it('lets go when the link is lost, and says so', async () => {
    const seat = await openTestRadio(atEnd, both, { hub: false })
    seat.radio.press(talk(['police-1']))
    seat.driver('police-1').report({ kind: 'down', why: 'the gateway is gone' })
    await seat.settled()
    expect(seat.channel('police-1')).toMatchObject({
      link: { state: 'down', why: 'the gateway is gone' },
      transmission: { state: 'cut', why: 'link-lost' },
    })
    expect(seat.page('police-1').isOpen()).toBe(false)
  })

  it('asks the channel alone once the hub is gone, and the page is told who keeps the floor', async () => {
    const seat = await openTestRadio(atEnd, both)
    expect(seat.channel('police-1')?.floor).toBe('hub')
    seat.radio.press(talk(['police-1']))
    seat.floor.reachable.set(false)
    await seat.settled()
    expect(seat.channel('police-1')).toMatchObject({ floor: 'channel', transmission: { state: 'talking' } })
  })

  it('is heard on one scanned channel at a time, and always on the selected ones', async () => {
    const others = ['a', 'b', 'c'].map((id, at) =>
      testChannel(id, { access: { kind: 'rtp', address: `239.1.2.${at}`, port: 5004, codec: 'PCMA' } }),
    )
    const seat = await openTestRadio(atEnd, others)
    seat.use({ selected: ['c'], scan: { on: true, channels: ['a', 'b', 'c'], priority: null } })
    for (const id of ['a', 'b', 'c']) {
      seat.driver(id).report(squelchOpen)
      await seat.settled()
      seat.driver(id).hear()
    }
    expect(['a', 'b', 'c'].map((id) => seat.page(id).heard.length)).toEqual([1, 0, 1])
    expect(['a', 'b', 'c'].map((id) => seat.channel(id)?.heard)).toEqual([true, false, true])
    seat.use({ scan: { on: false, channels: ['a', 'b', 'c'], priority: null } })
    seat.driver('b').hear()
    expect(seat.page('b').heard).toHaveLength(1)
  })

  it('keeps a channel open whose description changes, and opens one anew that is elsewhere now', async () => {
    const seat = await openTestRadio(atEnd, both)
    const before = seat.driver('police-1')
    seat.sit(OFFICER, stateWith([{ ...police, timeOutS: 10 }, fire]))
    await seat.settled()
    expect(before.deeds).toEqual([])
    seat.sit(OFFICER, stateWith([{ ...police, access: { ...fire.access } }, fire]))
    await seat.settled()
    expect(before.deeds).toEqual(['close'])
  })

  it('sends an alert tone as if somebody talked', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    atEnd(() => void vi.useRealTimers())
    const seat = await openTestRadio(atEnd, both, { hub: false })
    const driver = seat.driver('police-1')
    const sending = seat.radio.port.sendTone('police-1', 'attention')
    await vi.advanceTimersByTimeAsync(2_000)
    await sending
    expect(driver.deeds).toEqual(['key', 'unkey'])
    expect(driver.sent).toHaveLength(75)
    expect(seat.submitted[0]).toEqual([
      OFFICER,
      { kind: 'alert-tone.send', channel: 'police-1', tone: 'attention' },
    ])
    driver.report(squelchOpen)
    await expect(seat.radio.port.sendTone('police-1', 'attention')).rejects.toThrow('channel-refused')
  })

  it('does to a radio what the hub has taken note of, and nothing that it refuses', async () => {
    const seat = await openTestRadio(atEnd, both)
    await seat.radio.port.act('police-1', 'check', '4107', null)
    expect(seat.submitted).toMatchObject([[OFFICER, { kind: 'radio-act.do', act: 'check', radio: '4107' }]])
    expect(seat.driver('police-1').deeds).toEqual(['check 4107'])
    seat.refuse(new Refusal('forbidden'))
    await expect(seat.radio.port.act('police-1', 'check', '4107', null)).rejects.toThrow('forbidden')
    await expect(seat.radio.port.sendTone('police-1', 'warble')).rejects.toThrow('forbidden')
    expect(seat.driver('police-1').deeds).toEqual(['check 4107'])
  })

  it.each([
    { kind: 'svxreflector', host: 'reflector.test', port: 5300, talkgroup: 9 },
    { kind: 'sip', host: 'gateway.test', transport: 'udp', user: 'radio', keying: 'ed137' },
  ] as const)('keeps the password of a channel by $kind and opens it anew with it', async (access) => {
    const seat = await openTestRadio(atEnd, [testChannel('north', { access })])
    const before = seat.driver('north')
    expect(before.options.password).toBeNull()
    await seat.radio.port.setChannelPassword('north', 'secret')
    await seat.settled()
    expect(before.deeds).toEqual(['close'])
    expect(seat.driver('north').options.password).toBe('secret')
  })
})
