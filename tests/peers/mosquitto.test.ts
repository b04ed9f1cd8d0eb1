import { afterAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { unitTopic } from '../../contract/positions.ts'
import { endings } from '../support/at-end.ts'
import { makeAuthority } from '../support/certificates.ts'
import { connectDevice } from '../support/device.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startTestHub } from '../support/hub.ts'
import { type BrokerUser, type Mosquitto, startMosquitto } from '../support/mosquitto.ts'
import { takeSeat } from '../support/seat.ts'

const hubUser: BrokerUser = {
  name: 'hub',
  password: 'the password of the hub',
  may: ['topic read wf/v1/+/+/position', 'topic read owntracks/+/+'],
}
const patrol: BrokerUser = {
  name: 'north-patrol',
  password: 'the password of a tracker',
  may: ['topic write wf/v1/police/north-patrol/position'],
}
const phone: BrokerUser = {
  name: 'crew',
  password: 'the password of a phone',
  may: ['topic write owntracks/crew/phone'],
}
const everybody = [hubUser, patrol, phone]
const NORTH = unitTopic('police', 'north-patrol')

const { atEnd, run } = endings()
afterAll(run)
let broker: Mosquitto
beforeEach(async () => {
  broker ??= await startMosquitto(atEnd, everybody)
})

describe('a hub with mosquitto as its broker, over TLS, with a password and an access list', () => {
  it('brings what trackers and phones publish to a seat', async () => {
    const { seat, status, indexOf } = await begin()
    await vi.waitFor(() => expect(status.at(-1)?.positions.state).toBe('up'))
    const tracker = await device(patrol)
    await tracker.publish(NORTH, { t: Date.now(), lat: 32.05, lon: 118.78, speed: 5, heading: 90 })
    const app = await device(phone)
    const location = { _type: 'location', tst: Math.floor(Date.now() / 1000), lat: 32.06, lon: 118.79 }
    await app.publish('owntracks/crew/phone', JSON.stringify(location))
    await vi.waitFor(() => {
      expect(seat.positions.get(indexOf('north-patrol'))).toMatchObject({
        lat: 320_500_000,
        speed: 500,
        heading: 9000,
      })
      expect(seat.positions.get(indexOf('north-engine'))).toMatchObject({ lat: 320_600_000 })
    })
    await vi.waitFor(() => expect(status.at(-1)?.positions.lastReportAt).not.toBeNull())
    expect(await seat.client.positionOf.query({ unit: 'north-patrol' })).toMatchObject({
      fix: { lat: 32.05 },
      stale: false,
    })
  })

  it('takes nothing that the broker’s access list does not let through', async () => {
    const { seat, status, indexOf } = await begin()
    await vi.waitFor(() => expect(status.at(-1)?.positions.state).toBe('up'))
    const tracker = await device(patrol)
    await tracker.publish(unitTopic('police', 'south-patrol'), { t: Date.now(), lat: 32, lon: 118 })
    await tracker.publish(NORTH, { t: Date.now(), lat: 32, lon: 118 })
    await vi.waitFor(() => expect(seat.positions.has(indexOf('north-patrol'))).toBe(true))
    expect(seat.positions.has(indexOf('south-patrol'))).toBe(false)
  })

  it('says when the broker is gone and when it is back, and positions flow again', async () => {
    const { seat, status, indexOf, hub } = await begin()
    await vi.waitFor(() => expect(status.at(-1)?.positions.state).toBe('up'))
    await broker.kill()
    await vi.waitFor(() => expect(status.at(-1)?.positions.state).toBe('down'))
    expect(hub.logged()).toContain('no positions from the broker')
    await broker.start()
    await vi.waitFor(() => expect(status.at(-1)?.positions.state).toBe('up'), { timeout: 20_000 })
    const tracker = await device(patrol)
    await tracker.publish(NORTH, { t: Date.now(), lat: 32.07, lon: 118.78 })
    await vi.waitFor(() =>
      expect(seat.positions.get(indexOf('north-patrol'))).toMatchObject({ lat: 320_700_000 }),
    )
  })

  it('goes on without a broker that another authority vouches for, and says why', async () => {
    const other = await makeAuthority(temporaryFolder(onTestFinished), 'other')
    const { status, hub } = await begin({ ca: other.cert })
    await vi.waitFor(() => expect(hub.logged()).toMatch(/no positions from the broker/))
    expect(hub.logged()).toMatch(/certificate/)
    expect(status.at(-1)?.positions.state).toBe('down')
    const log = hub.logged().match(/no positions from the broker/g)
    expect(log).toHaveLength(1)
  })

  it('comes in as soon as the broker knows its password', async () => {
    await broker.kill()
    await broker.start([patrol, phone])
    const { status, hub } = await begin()
    await vi.waitFor(() => expect(hub.logged()).toMatch(/Connection refused/))
    expect(status.at(-1)?.positions.state).toBe('down')
    await broker.kill()
    await broker.start(everybody)
    await vi.waitFor(() => expect(status.at(-1)?.positions.state).toBe('up'), { timeout: 20_000 })
  })
})

/** A hub at the broker, and a seat that sees everything. */
async function begin({ ca = broker.authority.cert } = {}) {
  const hub = await startTestHub(onTestFinished, {
    config: {
      broker: { kind: 'external', url: broker.url, username: hubUser.name, password: hubUser.password, ca },
    },
  })
  const seat = await takeSeat(onTestFinished, hub.url, 'supervisor')
  await seat.client.startPositions.mutate()
  const status = seat.watchStatus()
  await vi.waitFor(() => expect(status.length).toBeGreaterThan(0))
  const indexOf = (unit: string) => hub.journal.state.directory.units[unit]?.index ?? -1
  return { hub, seat, status, indexOf }
}

const device = ({ name, password }: BrokerUser) =>
  connectDevice(onTestFinished, broker.url, { username: name, password, ca: broker.authority.cert })
