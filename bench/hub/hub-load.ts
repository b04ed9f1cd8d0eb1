/** What officers do, told to five hundred others: from the command to every seat that sees the incident. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bench, Collector, percentile } from '../bench.ts'
import { startHubProcess } from '../hub-process.ts'
import { cpuSeconds } from '../processes.ts'
import type { Order, Report, Stop } from './watchers.ts'

const REPEATS = 5
const CONNECTIONS = 500
/** So many processes share them: what they take of the machine is not the hub's. */
const PROCESSES = 2
const PER_SECOND = 20
const SETTLE_MS = 2_000
const MEASURE_MS = 5_000
const password = 'bench-password'

export const hubLoad: Bench = {
  name: 'hub-load',
  about: `${PER_SECOND} notes a second to an incident, journalled, and told to ${CONNECTIONS} seats that follow it: from the command to each of them having read it`,
  takes: 'about a minute',
  targets: { connections: { min: CONNECTIONS }, eventsPerS: { min: PER_SECOND * 0.97 }, p95Ms: { max: 300 } },
  run: async (say) => {
    const collector = new Collector()
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const figures = await measure()
      collector.add(figures)
      const { p50Ms, p95Ms, hubCpu, toldPct } = figures
      say(
        `p50 ${p50Ms.toFixed(0)} ms, p95 ${p95Ms.toFixed(0)} ms, hub ${hubCpu.toFixed(2)} of a core, ${toldPct.toFixed(1)} % told`,
      )
    }
    return { figures: collector.samples }
  },
}

async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const children: ChildProcess[] = []
  const child = (started: ChildProcess) => {
    children.push(started)
    return started
  }
  try {
    const hub = await startHubProcess({ folder, site, onStart: child })
    const seats = CONNECTIONS / PROCESSES
    const reports: Report[] = []
    const watchers = Array.from({ length: PROCESSES }, (_, at) => {
      const process = child(fork(join(import.meta.dirname, 'watchers.ts')))
      process.on('message', (report: Report) => reports.push(report))
      // One of them acts, too, as soon as the others are there.
      const order: Order = { hub: hub.url, password, seats, perSecond: at === PROCESSES - 1 ? PER_SECOND : 0 }
      return { process, order }
    })
    for (const { process, order } of watchers) {
      const seated = once(process)
      process.send(order)
      await seated
    }
    const pid = hub.process.pid ?? 0
    const before = { cpu: cpuSeconds(pid), at: performance.now() }
    await sleep(MEASURE_MS)
    const seconds = (performance.now() - before.at) / 1_000
    const hubCpu = (cpuSeconds(pid) - before.cpu) / seconds
    for (const { process } of watchers) process.send('stop' satisfies Stop)
    // What is still on its way is told by then.
    await sleep(SETTLE_MS)
    const ages = reports.flatMap((report) => ('ages' in report ? report.ages : []))
    const sent = reports.reduce((sum, report) => sum + ('sent' in report ? report.sent : 0), 0)
    return {
      connections: CONNECTIONS,
      eventsPerS: sent / seconds,
      p50Ms: percentile(ages, 0.5),
      p95Ms: percentile(ages, 0.95),
      hubCpu,
      toldPct: (100 * ages.length) / (sent * CONNECTIONS),
    }
  } finally {
    for (const one of children) one.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

const once = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`the seats ended with ${code}`)))
  })

const site = {
  site: { id: 'bench', name: 'Bench', centre: [32, 118.78], demo: true },
  areas: [{ id: 'city', name: 'City' }],
  agencies: [{ id: 'police', name: 'Police', kind: 'police' }],
  accounts: [{ id: 'duty', name: 'Duty', role: 'shift-supervisor', password }],
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
