/** Appending to the journal, against bare SQLite with the same bytes and the same durability. */

import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Happening } from '../contract/events.ts'
import { openJournal } from '../hub/journal/journal.ts'
import { openHubStore } from '../hub/store/open.ts'
import { type Bench, Collector, percentile } from './bench.ts'

const REPEATS = 7
const APPENDS = 3000
/** Seats that give a command at the same moment. */
const AT_ONCE = 32

const happening: Happening = {
  kind: 'unit.state-set',
  subject: 'unit/patrol-hunanlu-01',
  area: 'hunanlu-c1-g2',
  data: { id: 'patrol-hunanlu-01', state: 'busy' },
}

export const journal: Bench = {
  name: 'journal',
  about: `acknowledged appends, ${AT_ONCE} seats at once (and one alone), against bare SQLite: same bytes, one transaction each, synchronous=FULL`,
  targets: { ratio: { min: 0.5 } },
  run: async (say) => {
    const ours = new Collector()
    const peers = new Collector()
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const journal = await measureJournal()
      const bare = measureSqlite()
      ours.add({ ...journal, ratio: journal.appendsPerS / bare })
      peers.add({ appendsPerS: bare })
      say(
        `${Math.round(journal.appendsPerS)}/s, alone ${Math.round(journal.alonePerS)}/s; bare SQLite ${Math.round(bare)}/s`,
      )
    }
    return { figures: ours.samples, peer: peers.samples }
  },
}

async function measureJournal() {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const database = await openHubStore({ kind: 'sqlite', folder })
  const opened = await openJournal({ database, clock: Date.now, onDamage: () => undefined })
  try {
    const append = () =>
      opened.submit({
        actor: { kind: 'account', account: 'duty-1' },
        key: randomUUID(),
        decide: () => [happening],
      })
    for (let warm = 0; warm < 200; warm++) await append()

    const waits: number[] = []
    let left = APPENDS
    const seat = async () => {
      while (left-- > 0) {
        const began = performance.now()
        await append()
        waits.push(performance.now() - began)
      }
    }
    const began = performance.now()
    await Promise.all(Array.from({ length: AT_ONCE }, seat))
    const appendsPerS = APPENDS / ((performance.now() - began) / 1000)

    const aloneBegan = performance.now()
    for (let one = 0; one < APPENDS / 10; one++) await append()
    const alonePerS = APPENDS / 10 / ((performance.now() - aloneBegan) / 1000)
    return { appendsPerS, p95Ms: percentile(waits, 0.95), alonePerS }
  } finally {
    await opened.close()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The journal's own rows, written the plainest way. */
function measureSqlite(): number {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const database = new DatabaseSync(join(folder, 'bare.db'))
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    database.exec(
      'CREATE TABLE journal (seq INTEGER PRIMARY KEY, at, actor, kind, subject, area, data, prev_hash, hash); CREATE TABLE command (actor, key, seq, PRIMARY KEY (actor, key))',
    )
    const event = database.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    const command = database.prepare('INSERT INTO command VALUES (?, ?, ?)')
    const hash = 'f'.repeat(64)
    const actor = JSON.stringify({ kind: 'account', account: 'duty-1' })
    const { kind, subject, area, data } = happening
    const text = JSON.stringify(data)
    let seq = 0
    const append = () => {
      seq++
      database.exec('BEGIN')
      event.run(seq, Date.now(), actor, kind, subject, area, text, hash, hash)
      command.run(actor, randomUUID(), seq)
      database.exec('COMMIT')
    }
    for (let warm = 0; warm < 200; warm++) append()
    const began = performance.now()
    for (let one = 0; one < APPENDS; one++) append()
    return APPENDS / ((performance.now() - began) / 1000)
  } finally {
    database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
