/** Channels by RTP through all of the engine's radio, over real sockets. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import type { Radio } from '../../contract/seat-radio.ts'
import { defaultSettings } from '../../contract/settings.ts'
import { startEngine } from '../../main/engine/engine.ts'
import { payloadTypes } from '../../main/engine/media/codec.ts'
import { encode, FRAME_SAMPLES } from '../../main/engine/media/g711.ts'
import { parseSourceNews } from '../../main/engine/media/rtcp.ts'
import { writeRtp } from '../../main/engine/media/rtp.ts'
import { everyFrame } from '../../main/engine/media/ticker.ts'
import { type AirSeat, openAirSeat } from '../support/air-seat.ts'
import { temporaryFolder } from '../support/folder.ts'
import { freePort } from '../support/free-port.ts'
import { startTestHub } from '../support/hub.ts'
import { openPagePort } from '../support/page-port.ts'
import { openGroupRadio, ownGroup } from '../support/radio-group.ts'
import { PASSWORD, smallCityWith } from '../support/site.ts'
import { loudness, shareOf, sine } from '../support/tone.ts'

const [NORTH, SOUTH, RADIO] = [600, 900, 1_300]

/** How much of what the officer hears now is at this frequency, 0 to 1; 0 where nothing is heard. */
const share = (seat: AirSeat, frequency: number) =>
  loudness(seat.heard()) < 0.02 ? 0 : shareOf(frequency, seat.heard())

const frameOf = (frequency: number, at: number) =>
  encode('PCMA', sine(frequency, FRAME_SAMPLES, at * FRAME_SAMPLES))

/** Calls every 20 ms until the test is over, or it is stopped. */
function everyFrameOfTest(tick: (frames: number) => void): () => void {
  const stop = everyFrame(tick)
  onTestFinished(stop)
  return stop
}

it('two seats and a radio in one group hear one another, and nobody hears himself', async () => {
  const access = ownGroup()
  const north = await openAirSeat(onTestFinished, access, { account: 'north-officer', hz: NORTH })
  const south = await openAirSeat(onTestFinished, access, { account: 'south-officer', hz: SOUTH })
  const radio = await openGroupRadio(onTestFinished, access)
  const key = north.press()
  await expect.poll(() => share(south, NORTH)).toBeGreaterThan(0.9)
  await expect.poll(() => south.channel().reception).toMatchObject({ talker: { radio: 'north-officer' } })
  expect(radio.heard.length).toBeGreaterThan(10)
  // The channel is busy now: the other seat's key is refused.
  const vain = south.press()
  await expect.poll(() => south.channel().transmission).toMatchObject({ state: 'refused', why: 'busy' })
  vain.up()
  key.up()
  await expect.poll(() => south.channel().reception.squelch).toBe('closed')
  expect(north.history.some(({ reception }) => reception.squelch === 'open')).toBe(false)

  const stop = everyFrameOfTest((at) => radio.say({ payload: frameOf(RADIO, at) }))
  await expect.poll(() => share(north, RADIO)).toBeGreaterThan(0.9)
  await expect.poll(() => share(south, RADIO)).toBeGreaterThan(0.9)
  stop()
  await expect.poll(() => north.channel().lastHeard?.at).toBeDefined()
})

it('a radio is heard on through the wrap of its numbers, and packets that overtook one another', async () => {
  const access = ownGroup()
  const seat = await openAirSeat(onTestFinished, access, { account: 'north-officer', hz: NORTH })
  const radio = await openGroupRadio(onTestFinished, access)
  const first = { sequence: 65_500, timestamp: 2 ** 32 - 30 * FRAME_SAMPLES }
  let said = 0
  everyFrameOfTest((at) => {
    said = at
    // Each second one comes before the first.
    const place = at % 2 === 0 ? at + 1 : at - 1
    radio.say({
      sequence: (first.sequence + place) & 0xffff,
      timestamp: (first.timestamp + place * FRAME_SAMPLES) >>> 0,
      payload: frameOf(RADIO, place),
    })
  })
  await expect.poll(() => seat.channel().reception.squelch).toBe('open')
  // Past both wraps.
  await expect.poll(() => said).toBeGreaterThan(100)
  expect(loudness(seat.heard())).toBeGreaterThan(0.15)
  const opening = seat.history.findIndex(({ reception }) => reception.squelch === 'open')
  expect(seat.history.slice(opening).every(({ reception }) => reception.squelch === 'open')).toBe(true)
})

it('a channel is let go of when the page is killed while its key is down', async () => {
  const access = ownGroup()
  const radio = await openGroupRadio(onTestFinished, access)
  const hub = await startTestHub(onTestFinished, {
    site: smallCityWith({ channels: [{ id: 'tactical', name: 'Tactical', access }] }),
  })
  const troubles: unknown[] = []
  const engine = await startEngine({
    shell: { wish: async () => undefined as never },
    folder: temporaryFolder(onTestFinished),
    settings: defaultSettings,
    ticket: null,
    onTrouble: (what, error) => troubles.push([what, error]),
  })
  onTestFinished(() => engine.close())
  engine.use({ url: hub.url, embedded: true })
  await expect
    .poll(() => engine.port.signIn({ account: 'north-officer', password: PASSWORD }).then(() => true, String))
    .toBe(true)
  const page = openPagePort(onTestFinished, engine.port, (path, error) => troubles.push([path, error]))
  let shown: Radio | undefined
  page.client.radio.watch.subscribe(undefined, { onData: (next) => (shown = next as Radio) })
  await expect.poll(() => shown?.channels).toMatchObject([{ link: { state: 'up' }, floor: 'hub' }])
  page.client.radio.talk.subscribe({ channels: ['tactical'], emergency: false }, {})
  await expect.poll(() => shown?.channels).toMatchObject([{ transmission: { state: 'talking' } }])
  page.kill()
  await expect.poll(() => radio.reports.flatMap((bytes) => parseSourceNews(bytes).gone)).toHaveLength(1)
  expect(troubles).toEqual([])
})

it('a gateway is heard again after it was started anew, with other numbers and another source', async () => {
  const [port, listenPort] = [2 * Math.floor((await freePort()) / 2), 2 * Math.floor((await freePort()) / 2)]
  const address = '127.0.0.2'
  const seat = await openAirSeat(
    onTestFinished,
    { kind: 'rtp', address, port, listenPort, codec: 'PCMA' },
    { account: 'north-officer', hz: NORTH },
  )
  const startGateway = async (frequency: number, ssrc: number, sequence: number) => {
    const socket = createSocket('udp4').bind(port, address)
    await once(socket, 'listening')
    const stop = everyFrame((at) => {
      const numbers = {
        marker: false,
        sequence: (sequence + at) & 0xffff,
        timestamp: at * FRAME_SAMPLES,
        ssrc,
      }
      const payload = frameOf(frequency, at)
      socket.send(writeRtp({ ...numbers, payloadType: payloadTypes.PCMA, payload }), listenPort, '127.0.0.1')
    })
    const end = () => {
      stop()
      socket.close()
    }
    return end
  }
  const end = await startGateway(RADIO, 1, 40_000)
  await expect.poll(() => share(seat, RADIO)).toBeGreaterThan(0.9)
  end()
  onTestFinished(await startGateway(SOUTH, 2, 7))
  await expect.poll(() => share(seat, SOUTH)).toBeGreaterThan(0.9)
})
