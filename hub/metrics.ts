/** What Prometheus reads (text exposition format 0.0.4). */
import { createHash, timingSafeEqual } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { IngestOutcome } from './positions/ingest.ts'

export interface MetricsSource {
  readonly seats: number
  readonly journalSeq: number
  readonly reports: ReadonlyMap<IngestOutcome, number>
  readonly source: 'up' | 'down'
}

/** Whoever is at this machine, or shows the token. Pure. */
export function mayReadMetrics(
  address: string | undefined,
  authorization: string | undefined,
  token: string | undefined,
): boolean {
  if (address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address)) return true
  return token !== undefined && isSame(authorization ?? '', `Bearer ${token}`)
}

/** Takes as long whichever letter is wrong. */
function isSame(shown: string, wanted: string): boolean {
  const [a, b] = [shown, wanted].map((text) => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}

const delay = monitorEventLoopDelay({ resolution: 20 })
delay.enable()

export function writeMetrics(
  { seats, journalSeq, reports, source }: MetricsSource,
  connections: number,
): string {
  const { rss, heapUsed } = process.memoryUsage()
  const lines = [
    ...metric('watchfloor_connections', 'gauge', 'WebSocket connections', [['', connections]]),
    ...metric('watchfloor_seats', 'gauge', 'Seats that receive positions', [['', seats]]),
    ...metric('watchfloor_journal_seq', 'counter', 'Events in the journal', [['', journalSeq]]),
    ...metric('watchfloor_broker_up', 'gauge', 'Whether the position broker answers', [
      ['', source === 'up' ? 1 : 0],
    ]),
    ...metric(
      'watchfloor_position_reports_total',
      'counter',
      'Position reports by what became of them',
      [...reports].map(([outcome, count]) => [`{outcome="${outcome}"}`, count] as const),
    ),
    ...metric('process_resident_memory_bytes', 'gauge', 'Resident memory', [['', rss]]),
    ...metric('nodejs_heap_used_bytes', 'gauge', 'Heap in use', [['', heapUsed]]),
    ...metric('nodejs_eventloop_delay_p99_seconds', 'gauge', 'Event loop delay', [
      ['', delay.percentile(99) / 1e9],
    ]),
  ]
  return `${lines.join('\n')}\n`
}

const metric = (
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  samples: readonly (readonly [labels: string, value: number])[],
): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
  ...samples.map(([labels, value]) => `${name}${labels} ${value}`),
]
