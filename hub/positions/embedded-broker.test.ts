import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { connectAsync } from 'mqtt'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Directory } from '../../contract/directory.ts'
import { emptyState, fold } from '../../contract/state.ts'
import { makeAuthority } from '../../tests/support/certificates.ts'
import { connectDevice } from '../../tests/support/device.ts'
import { temporaryFolder } from '../../tests/support/folder.ts'
import { documentOf, PASSWORD } from '../../tests/support/site.ts'
import { planImport } from '../directory/import.ts'
import { mayPublish, openEmbeddedBroker } from './embedded-broker.ts'

const directory: Directory = fold(emptyState, planImport(emptyState, documentOf())).directory
const NORTH = 'wf/v1/police/north-patrol/position'
const SOUTH = 'wf/v1/police/south-patrol/position'

describe('a device may publish', () => {
  const cases: readonly (readonly [user: string, topic: string, may: boolean])[] = [
    ['north-patrol', NORTH, true],
    ['north-patrol', SOUTH, false],
    ['north-patrol', 'wf/v1/fire/north-patrol/position', false],
    ['north-patrol', 'wf/v1/police/north-patrol/state', false],
    ['north-patrol', 'owntracks/crew/phone', false],
    ['north-engine', 'owntracks/crew/phone', true],
    ['north-engine', 'owntracks/crew/other', false],
    ['north-engine', 'wf/v1/fire/north-engine/position', true],
    ['police-gateway', NORTH, true],
    ['police-gateway', SOUTH, true],
    ['police-gateway', 'wf/v1/fire/north-engine/position', false],
    ['police-gateway', 'owntracks/crew/phone', false],
    ['police-gateway', '$SYS/broker', false],
    ['nobody', NORTH, false],
    ['constructor', NORTH, false],
  ]
  for (const [user, topic, may] of cases)
    it(`${may ? '' : 'not '}${topic} as ${user}`, () => {
      expect(mayPublish(directory, user, topic)).toBe(may)
    })
})

describe('the broker in the hub', () => {
  it('takes what a device publishes on its own topic', async () => {
    const { url, taken } = await begin()
    const device = await connectDevice(onTestFinished, url, { username: 'north-patrol', password: PASSWORD })
    await device.publish(NORTH, { t: 1, lat: 32, lon: 118 })
    expect(taken).toEqual([[NORTH, '{"t":1,"lat":32,"lon":118}']])
  })

  it('sends a device away that publishes for another', async () => {
    const { url, taken } = await begin()
    const device = await connectDevice(onTestFinished, url, { username: 'north-patrol', password: PASSWORD })
    await expect(device.publish(SOUTH, 'x')).rejects.toThrow()
    await vi.waitFor(() => expect(device.connected).toBe(false))
    expect(taken).toEqual([])
  })

  it('lets nobody in with a wrong password, without one, or under a name it does not know', async () => {
    const { url } = await begin()
    for (const credentials of [
      { username: 'north-patrol', password: 'wrong password' },
      { username: 'north-patrol' },
      { username: 'nobody', password: PASSWORD },
      { username: 'toString', password: PASSWORD },
      {},
    ])
      await expect(connectDevice(onTestFinished, url, credentials)).rejects.toMatchObject({ code: 4 })
  })

  it('slows down whoever guesses a device’s password, and only there', async () => {
    const { url, checked } = await begin()
    const guess = () =>
      connectDevice(onTestFinished, url, { username: 'north-patrol', password: 'wrong password' })
    for (let time = 0; time < 9; time++) await expect(guess()).rejects.toMatchObject({ code: 4 })
    expect(checked).toHaveLength(5)
    await connectDevice(onTestFinished, url, { username: 'police-gateway', password: PASSWORD })
  })

  it('lets nobody listen, whatever they ask for', async () => {
    const { url } = await begin()
    const options = { username: 'police-gateway', password: PASSWORD, reconnectPeriod: 0 }
    const client = await connectAsync(url, options, false)
    onTestFinished(() => client.endAsync(true))
    const heard: string[] = []
    client.on('message', (topic) => heard.push(topic))
    for (const filter of ['#', '+/#', '$SYS/#', NORTH])
      await expect(client.subscribeAsync(filter)).rejects.toThrow()
    await client.publishAsync(NORTH, '{}', { qos: 1, retain: true })
    expect(heard).toEqual([])
  })

  it('is not made to gather a long packet in memory, by whom it does not know yet least of all', async () => {
    const { port, taken, url } = await begin()
    const stranger = connectTcp(port, '127.0.0.1')
    onTestFinished(() => void stranger.destroy())
    stranger.on('error', () => undefined)
    // CONNECT of 256 MiB.
    stranger.write(Uint8Array.from([0x10, 0xff, 0xff, 0xff, 0x7f, 0, 4]))
    await once(stranger, 'close')
    const device = await connectDevice(onTestFinished, url, { username: 'north-patrol', password: PASSWORD })
    await expect(device.publish(NORTH, 'x'.repeat(100_000))).rejects.toThrow()
    expect(taken).toEqual([])
  })

  it('takes no harm from bytes that are no MQTT', async () => {
    const { port, url, taken } = await begin()
    const rubbish = ['GET / HTTP/1.1\r\n\r\n', '\u0000'.repeat(100), '\u00ff'.repeat(5_000), '']
    for (const bytes of rubbish) {
      const stranger = connectTcp(port, '127.0.0.1')
      stranger.on('error', () => undefined)
      stranger.end(bytes)
      await once(stranger, 'close')
    }
    const device = await connectDevice(onTestFinished, url, { username: 'north-patrol', password: PASSWORD })
    await device.publish(NORTH, 'x')
    expect(taken).toHaveLength(1)
  })

  it('closes though somebody holds a connection and says nothing', async () => {
    const { port, close } = await begin()
    const silent = connectTcp(port, '127.0.0.1')
    silent.on('error', () => undefined)
    await once(silent, 'connect')
    const gone = once(silent, 'close')
    await close()
    await gone
  }, 5_000)

  it('speaks TLS when it has a certificate', async () => {
    const authority = await makeAuthority(temporaryFolder(onTestFinished))
    const { port, taken } = await begin({ tls: await authority.issue('broker') })
    const device = await connectDevice(onTestFinished, `mqtts://127.0.0.1:${port}`, {
      username: 'north-patrol',
      password: PASSWORD,
      ca: authority.cert,
    })
    await device.publish(NORTH, 'x')
    expect(taken).toHaveLength(1)
  })

  it('never speaks in the clear beyond this machine', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1'])
      await expect(begin({ listen: { host, port: 0 } })).rejects.toThrow(/will not listen on .* without TLS/)
  })

  it('leaves nothing behind where it can not listen', async () => {
    const { port } = await begin()
    await expect(begin({ listen: { host: '127.0.0.1', port } })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})

async function begin(change: Partial<Parameters<typeof openEmbeddedBroker>[0]> = {}) {
  const taken: [string, string][] = []
  const checked: string[] = []
  const broker = await openEmbeddedBroker({
    listen: { host: '127.0.0.1', port: 0 },
    tls: undefined,
    take: (topic, payload) => taken.push([topic, Buffer.from(payload).toString()]),
    clock: Date.now,
    directory: () => directory,
    checkPassword: async (device, password) => {
      checked.push(device)
      return password === PASSWORD
    },
    ...change,
  })
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= broker.close()
    return closed
  }
  onTestFinished(close)
  const { port } = broker.listen
  return { taken, checked, close, port, url: `mqtt://127.0.0.1:${port}` }
}
