/** A channel behind an ED-137 gateway through all of the engine's radio, over real sockets. */
import { expect, it, onTestFinished } from 'vitest'
import { openGateway } from '../../lab/radio/gateway.ts'
import { encode } from '../../main/engine/media/g711.ts'
import { openAirSeat } from '../support/air-seat.ts'
import { shareOf, sine } from '../support/tone.ts'

const [NORTH, SOUTH, RADIO] = [600, 900, 1_300]

async function open() {
  const gateway = await openGateway({ host: '127.0.0.1', user: 'radio' })
  onTestFinished(() => gateway.close())
  const { address: host, port } = gateway.self
  const access = { kind: 'sip', host, port, transport: 'udp', user: 'radio', keying: 'ed137' } as const
  const north = await openAirSeat(onTestFinished, access, { account: 'north-officer', hz: NORTH })
  const south = await openAirSeat(onTestFinished, access, { account: 'south-officer', hz: SOUTH })
  return { gateway, north, south }
}

it('two seats talk by turns: the gateway has the one’s voice, and the other hears it', async () => {
  const { gateway, north, south } = await open()
  const key = north.press()
  await expect.poll(() => north.channel().transmission.state).toBe('talking')
  await expect.poll(() => shareOf(NORTH, south.heard())).toBeGreaterThan(0.9)
  expect(south.channel().reception).toMatchObject({ squelch: 'open' })
  const vain = south.press()
  await expect.poll(() => south.channel().transmission).toMatchObject({ state: 'refused', why: 'busy' })
  vain.up()
  const said = () => gateway.transmissions.at(-1)?.samples().slice(-2_000) ?? new Int16Array()
  await expect.poll(() => shareOf(NORTH, said())).toBeGreaterThan(0.9)
  key.up()
  await expect.poll(() => gateway.transmissions.at(-1)?.over).toBe(true)
  expect(gateway.transmissions.at(-1)?.user).toBe('north-officer')
  await expect.poll(() => south.channel().reception.squelch).toBe('closed')
  expect(north.history.some(({ reception }) => reception.squelch === 'open')).toBe(false)
  expect(shareOf(NORTH, north.heard())).toBeLessThan(0.1)
})

it('what the radio hears is heard by both, with its signal', async () => {
  const { gateway, north, south } = await open()
  void gateway.receive(encode('PCMU', sine(RADIO, 16_000)), 6)
  for (const seat of [north, south]) {
    await expect.poll(() => shareOf(RADIO, seat.heard())).toBeGreaterThan(0.9)
    expect(seat.channel().reception).toMatchObject({ squelch: 'open', signal: 6 / 15 })
  }
})

it('a gateway that is gone cuts whoever talks, and is connected again when it is back', async () => {
  const { gateway, north } = await open()
  const key = north.press()
  await expect.poll(() => north.channel().transmission.state).toBe('talking')
  gateway.kill()
  await expect
    .poll(() => north.history.at(-1))
    .toMatchObject({ link: { state: 'down' }, transmission: { state: 'cut', why: 'link-lost' } })
  const again = await openGateway({ host: '127.0.0.1', user: 'radio', port: gateway.self.port })
  onTestFinished(() => again.close())
  await expect.poll(() => north.history.at(-1)?.link.state).toBe('up')
  // The key is still down, and nobody talks by it any more.
  await expect.poll(() => again.seats.length).toBe(2)
  expect(again.transmissions).toEqual([])
  key.up()
})
