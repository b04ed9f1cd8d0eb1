import { describe, expect, it } from 'vitest'
import { mayReadMetrics, writeMetrics } from './metrics.ts'

const TOKEN = 'a token of sixteen letters'

describe('metrics', () => {
  it('are in the words Prometheus reads', () => {
    const text = writeMetrics(
      {
        seats: 3,
        journalSeq: 42,
        reports: new Map([
          ['drawn', 10],
          ['late', 1],
        ]),
        source: 'down',
      },
      5,
    )
    const described = new Set<string>()
    for (const line of text.trimEnd().split('\n')) {
      const comment = /^# (HELP|TYPE) ([a-z_:][a-z0-9_:]*) (.+)$/i.exec(line)
      if (comment?.[1] === 'TYPE') expect(['counter', 'gauge']).toContain(comment[3])
      if (comment !== null) {
        described.add(comment[2] ?? '')
        continue
      }
      const sample = /^([a-z_:][a-z0-9_:]*)(\{[a-z_]+="[^"\\\n]*"(,[a-z_]+="[^"\\\n]*")*\})? (\S+)$/i.exec(
        line,
      )
      expect(sample, line).not.toBeNull()
      expect(described).toContain(sample?.[1])
      expect(Number.isFinite(Number(sample?.[4])), line).toBe(true)
    }
    expect(text.endsWith('\n')).toBe(true)
    expect(text).toContain('watchfloor_connections 5\n')
    expect(text).toContain('watchfloor_seats 3\n')
    expect(text).toContain('watchfloor_journal_seq 42\n')
    expect(text).toContain('watchfloor_broker_up 0\n')
    expect(text).toContain('watchfloor_position_reports_total{outcome="drawn"} 10\n')
  })

  it('are for whoever is at this machine', () => {
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
      expect(mayReadMetrics(address, undefined, undefined)).toBe(true)
    for (const address of ['10.0.0.1', '::ffff:10.0.0.1', '128.0.0.1', '2001:db8::1', undefined])
      expect(mayReadMetrics(address, undefined, undefined)).toBe(false)
  })

  it('are elsewhere for whoever shows the token', () => {
    expect(mayReadMetrics('10.0.0.1', `Bearer ${TOKEN}`, TOKEN)).toBe(true)
    for (const shown of [
      undefined,
      '',
      TOKEN,
      `Bearer ${TOKEN}x`,
      'Bearer ',
      'Bearer undefined',
      `bearer ${TOKEN}`,
    ])
      expect(mayReadMetrics('10.0.0.1', shown, TOKEN)).toBe(false)
    expect(mayReadMetrics('10.0.0.1', 'Bearer undefined', undefined)).toBe(false)
  })
})
