/** Positions from devices to seats, against a broker that hands every message to every subscriber. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { type Bench, Collector, percentile } from '../bench.ts'
import { startHubProcess } from '../hub-process.ts'
import { cpuSeconds } from '../processes.ts'
import { ageOfStamp } from './stamp.ts'

const REPEATS = 5
const UNITS = 10_000
const PER_SECOND = 10_000
const SEATS = 50
const SETTLE_MS = 3_000
const MEASURE_MS = 4_000
const password = 'bench-password'

export const positions: Bench = {
  name: 'positions',
  about: `${PER_SECOND} reports a second through mosquitto and the hub to ${SEATS} seats, against mosquitto handing them to ${SEATS} subscribers`,
  takes: 'about 3 minutes',
  targets: {
    p95Ms: { max: 400 },
    hubCpu: { max: 1 },
    inPerS: { min: PER_SECOND * 0.97 },
    seats: { min: SEATS },
  },
  run: async (say) => {
    const ours = new Collector()
    const peers = new Collector()
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const hub = await withScene(measureHub)
      const peer = await withScene(measurePeer)
      ours.add(hub)
      peers.add(peer)
      say(
        `hub p95 ${hub.p95Ms.toFixed(0)} ms, ${hub.hubCpu.toFixed(2)} core; mosquitto p95 ${peer.p95Ms.toFixed(0)} ms, ${peer.cpu.toFixed(2)} core, ${peer.deliveredPct.toFixed(0)} % delivered`,
      )
    }
    return { figures: ours.samples, peer: peers.samples }
  },
}

/** A broker and a publisher, and what the measurement starts besides; all of it ends with the scene. */
interface Scene {
  readonly folder: string
  readonly broker: string
  readonly brokerPid: number
  readonly units: readonly string[]
  child(child: ChildProcess): ChildProcess
  /** How many reports have been published so far. */
  sent(): number
}

async function withScene<T>(measure: (scene: Scene) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const children: ChildProcess[] = []
  const child = (started: ChildProcess) => {
    children.push(started)
    return started
  }
  try {
    const port = await freePort()
    const conf = join(folder, 'mosquitto.conf')
    writeFileSync(
      conf,
      `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nlog_type error\n`,
    )
    const mosquitto = child(spawn('mosquitto', ['-c', conf], { stdio: 'ignore' }))
    const broker = `mqtt://127.0.0.1:${port}`
    await reachable(broker)
    const units = Array.from({ length: UNITS }, (_, at) => `police/unit-${at}`)
    const publisher = child(fork(join(import.meta.dirname, 'publisher.ts')))
    let sent = 0
    publisher.on('message', (message: { sent: number }) => {
      sent = message.sent
    })
    publisher.send({ broker, username: 'bench', password, units, perSecond: PER_SECOND })
    return await measure({ folder, broker, brokerPid: mosquitto.pid ?? 0, units, child, sent: () => sent })
  } finally {
    for (const one of children) one.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureHub({ folder, broker, units, child, sent }: Scene) {
  const hub = await startHubProcess({ folder, site: benchSite(units), broker, onStart: child })
  const seats = child(fork(join(import.meta.dirname, 'seats.ts')))
  seats.send({ hub: hub.url, account: 'duty', password, seats: SEATS })
  await new Promise<void>((resolve) => {
    seats.on('message', (message: object) => 'seated' in message && resolve())
  })
  await sleep(SETTLE_MS)
  const ages: number[] = []
  let records = 0
  seats.on('message', (message: { ages?: number[]; records?: number }) => {
    ages.push(...(message.ages ?? []))
    records += message.records ?? 0
  })
  const pid = hub.process.pid ?? 0
  const before = { cpu: cpuSeconds(pid), at: performance.now(), sent: sent() }
  await sleep(MEASURE_MS)
  const seconds = (performance.now() - before.at) / 1000
  const published = sent() - before.sent
  return {
    inPerS: published / seconds,
    seats: SEATS,
    p50Ms: percentile(ages, 0.5),
    p95Ms: percentile(ages, 0.95),
    hubCpu: (cpuSeconds(pid) - before.cpu) / seconds,
    deliveredPct: (100 * records) / (published * SEATS),
  }
}

async function measurePeer({ broker, brokerPid, child, sent }: Scene) {
  // One subscriber is timed; the others only take what comes.
  const ages: number[] = []
  let received = 0
  const timed = await connectAsync(broker)
  timed.on('message', (_topic, payload) => {
    if (received++ % 20 === 0) ages.push(ageOfStamp(Math.round(JSON.parse(String(payload)).lat * 1e7)))
  })
  await timed.subscribeAsync('wf/v1/#')
  const { port } = new URL(broker)
  for (let other = 1; other < SEATS; other++)
    child(spawn('mosquitto_sub', ['-p', port, '-h', '127.0.0.1', '-t', 'wf/v1/#'], { stdio: 'ignore' }))
  try {
    await sleep(SETTLE_MS)
    ages.length = 0
    received = 0
    const before = { cpu: cpuSeconds(brokerPid), at: performance.now(), sent: sent() }
    await sleep(MEASURE_MS)
    const seconds = (performance.now() - before.at) / 1000
    const published = sent() - before.sent
    return {
      inPerS: published / seconds,
      p50Ms: percentile(ages, 0.5),
      p95Ms: percentile(ages, 0.95),
      cpu: (cpuSeconds(brokerPid) - before.cpu) / seconds,
      deliveredPct: (100 * received) / published,
    }
  } finally {
    await timed.endAsync(true)
  }
}

const benchSite = (units: readonly string[]) => ({
  site: { id: 'bench', name: 'Bench', centre: [32, 118.78], demo: true },
  areas: [{ id: 'city', name: 'City' }],
  agencies: [{ id: 'police', name: 'Police', kind: 'police' }],
  units: units.map((unit) => ({
    id: unit.split('/')[1],
    name: unit,
    agency: 'police',
    area: 'city',
    kind: 'vehicle',
  })),
  accounts: [{ id: 'duty', name: 'Duty', role: 'duty-officer', password }],
})

/** Resolves once somebody listens there. */
async function reachable(broker: string): Promise<void> {
  const { hostname, port } = new URL(broker)
  const tryOnce = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(Number(port), hostname)
      const answer = (there: boolean) => {
        socket.destroy()
        resolve(there)
      }
      socket.once('connect', () => answer(true))
      socket.once('error', () => answer(false))
    })
  while (!(await tryOnce())) await sleep(20)
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
