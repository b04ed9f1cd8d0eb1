/** A hub of the tests' own, in this process, on the loopback interface, with a small site. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import pino from 'pino'
import { stringify } from 'yaml'
import { hubConfigSchema } from '../../hub/config.ts'
import { type RunningHub, startHub } from '../../hub/hub.ts'

export const password = 'correct horse'

export const smallSite = {
  site: { id: 'test', name: '测试站点', centre: [32.05, 118.78], demo: true },
  areas: [
    {
      id: 'city',
      name: '市',
      areas: [
        { id: 'north', name: '北区' },
        { id: 'south', name: '南区' },
      ],
    },
  ],
  agencies: [{ id: 'police', name: '公安', kind: 'police' }],
  units: [
    { id: 'patrol-1', name: '巡逻 1', agency: 'police', area: 'north', reportEvery: 1 },
    { id: 'patrol-2', name: '巡逻 2', agency: 'police', area: 'south', reportEvery: 1 },
  ],
  devices: [{ user: 'gateway', publishes: { kind: 'agency', agency: 'police' }, password }],
  accounts: [
    { id: 'duty', name: '值班员', role: 'duty-officer', password },
    {
      id: 'north-duty',
      name: '北区值班员',
      role: 'duty-officer',
      scope: { kind: 'area', area: 'north' },
      password,
    },
  ],
} as const

export interface TestHub {
  readonly running: RunningHub
  /** Ends the hub; its data stay. */
  stop(): Promise<void>
  /** Starts it again on the same port, with the same data. */
  startAgain(): Promise<void>
  /** Publishes one position through the embedded broker. */
  report(unit: string, position: { t: number; lat: number; lon: number }): Promise<void>
  /** Ends it and removes its data. */
  remove(): Promise<void>
}

export async function startTestHub(site: object = smallSite): Promise<TestHub> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-hub-'))
  const file = join(folder, 'site.yaml')
  writeFileSync(file, stringify(site))
  let port = 0
  const start = async () => {
    const config = hubConfigSchema.parse({
      listen: { host: '127.0.0.1', port },
      store: { kind: 'sqlite', folder },
      broker: { kind: 'embedded', listen: { host: '127.0.0.1', port: 0 } },
      site: { file, import: 'if-empty' },
    })
    const hub = await startHub(config, { log: pino({ enabled: false }), onFailure: () => undefined })
    port = Number(new URL(hub.url).port)
    return hub
  }
  let running = await start()
  let up = true
  const stop = async () => {
    if (up) await running.close()
    up = false
  }
  return {
    get running() {
      return running
    },
    stop,
    startAgain: async () => {
      running = await start()
      up = true
    },
    report: async (unit, position) => {
      const { host, port: mqtt } = running.mqtt ?? { host: '', port: 0 }
      const client = await connectAsync(`mqtt://${host}:${mqtt}`, { username: 'gateway', password })
      await client.publishAsync(`wf/v1/police/${unit}/position`, JSON.stringify(position), { qos: 1 })
      await client.endAsync()
    },
    remove: async () => {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
