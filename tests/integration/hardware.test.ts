/** A foot switch through all of the engine: from its contact to the channel and back. */
import { expect, it, onTestFinished } from 'vitest'
import type { HardwareKeyStatus } from '../../contract/hardware.ts'
import type { HardwareKey } from '../../contract/radio-settings.ts'
import type { Radio } from '../../contract/seat-radio.ts'
import { defaultSettings } from '../../contract/settings.ts'
import { startEngine } from '../../main/engine/engine.ts'
import type { Lines, Sample } from '../../main/engine/hardware/device.ts'
import { fakeDevices } from '../support/fake-devices.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startTestHub } from '../support/hub.ts'
import { openPagePort } from '../support/page-port.ts'
import { ownGroup } from '../support/radio-group.ts'
import { PASSWORD, smallCityWith } from '../support/site.ts'

const port = { kind: 'serial', path: '/dev/ttyUSB0', name: 'USB serial' } as const
const footSwitch: HardwareKey = {
  kind: 'serial',
  path: port.path,
  line: 'cts',
  down: 'on',
  keys: { kind: 'channel', channel: 'tactical' },
}
const lines = (on: Partial<Lines> = {}): Sample => ({
  kind: 'serial',
  lines: { cts: false, dsr: false, dcd: false, ...on },
})

it('a foot switch talks on its channel with the hub’s leave, and lets go when it is pulled out', async () => {
  const hub = await startTestHub(onTestFinished, {
    site: smallCityWith({ channels: [{ id: 'tactical', name: 'Tactical', access: ownGroup() }] }),
  })
  const devices = fakeDevices()
  devices.plugIn(port, lines())
  const troubles: unknown[] = []
  const engine = await startEngine({
    shell: { wish: async () => undefined as never },
    folder: temporaryFolder(onTestFinished),
    settings: {
      ...defaultSettings,
      pushToTalk: { ...defaultSettings.pushToTalk, hardware: [footSwitch] },
    },
    ticket: null,
    devices,
    onTrouble: (what, error) => troubles.push([what, error]),
  })
  onTestFinished(() => engine.close())
  engine.use({ url: hub.url, embedded: true })
  await expect
    .poll(() => engine.port.signIn({ account: 'north-officer', password: PASSWORD }).then(() => true, String))
    .toBe(true)
  const page = openPagePort(onTestFinished, engine.port, (path, error) => troubles.push([path, error]))
  let shown: Radio | undefined
  let keys: readonly HardwareKeyStatus[] = []
  page.client.radio.watch.subscribe(undefined, { onData: (next) => (shown = next as Radio) })
  page.client.hardware.watch.subscribe(undefined, {
    onData: (next) => (keys = next as readonly HardwareKeyStatus[]),
  })
  await expect.poll(() => shown?.channels).toMatchObject([{ link: { state: 'up' }, floor: 'hub' }])
  expect(await page.client.hardware.list.query()).toEqual([port])

  devices.tell(port, lines({ cts: true }))
  await expect.poll(() => shown?.channels).toMatchObject([{ transmission: { state: 'talking' } }])
  await expect.poll(() => keys).toMatchObject([{ state: 'ready', down: true }])
  devices.pullOut(port)
  await expect.poll(() => shown?.channels).toMatchObject([{ transmission: { state: 'idle' } }])
  await expect.poll(() => keys).toMatchObject([{ state: 'looking', down: false, why: 'device gone' }])

  // What was said is in the log of the channel, in the name of whoever sat here.
  await expect
    .poll(async () => (await page.client.history.transmissions.query(everything)).transmissions)
    .toMatchObject([{ channel: 'tactical', direction: 'out', talker: { account: 'north-officer' } }])
  expect(troubles).toEqual([])
})

const everything = { channel: null, text: '', from: null, to: null, before: null }
