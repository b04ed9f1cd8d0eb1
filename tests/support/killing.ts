/** Kills whoever appends to a journal, again and again, and looks whether anything was lost. */
import { fileURLToPath } from 'node:url'
import { expect, vi } from 'vitest'
import type { HubConfig } from '../../hub/config.ts'
import { openJournal } from '../../hub/journal/journal.ts'
import { verifyJournal } from '../../hub/journal/verify.ts'
import { openHubStore } from '../../hub/store/open.ts'
import type { AtEnd } from './at-end.ts'
import { numbersIn } from './journal.ts'
import { type Program, startProgram } from './processes.ts'

const script = fileURLToPath(new URL('./appender.ts', import.meta.url))

export interface Killing {
  /** Starts an appender, lets `kill` end it or what it writes to, and looks at what the journal has. */
  round(kill: (appender: Appender) => Promise<void>): Promise<void>
  readonly acknowledged: ReadonlyMap<string, number>
}

interface Appender extends Program {
  /** Resolves when its journal is open. */
  opened(): Promise<void>
  /** How many submissions it has heard were written. */
  acknowledged(): number
}

/** On one database for all rounds. `cache` is a folder for compiled code, which makes a start cheap. */
export function killing(atEnd: AtEnd, store: HubConfig['store'], cache: string): Killing {
  const acknowledged = new Map<string, number>()
  let open: string[] = []
  let rounds = 0
  // The next one loads its code while this one is looked at.
  const prepare = () =>
    startProgram(atEnd, process.execPath, [script, JSON.stringify(store)], {
      env: { ...process.env, NODE_COMPILE_CACHE: cache },
    })
  let next = prepare()
  return {
    acknowledged,
    round: async (kill) => {
      const program = next
      program.process.stdin?.write(`${[`r${++rounds}`, ...open].join(' ')}\n`)
      const lines = (word: string) => program.said().match(new RegExp(`^${word}.*$`, 'gm')) ?? []
      await kill({
        ...program,
        opened: () =>
          vi.waitFor(() => expect(lines('open').length + lines('damaged').length).toBe(1), {
            timeout: 20_000,
            interval: 2,
          }),
        acknowledged: () => lines('acknowledged').length,
      })
      await program.kill()
      next = prepare()
      expect(lines('damaged')).toEqual([])
      for (const line of lines('acknowledged')) {
        const [, number = '', seq] = line.split(' ')
        // The last line may be cut: it was not said to anybody.
        if (seq !== undefined && program.said().includes(`${line}\n`)) acknowledged.set(number, Number(seq))
      }
      const sent = new Set([...open, ...lines('sent').map((line) => line.slice('sent '.length))])
      open = [...sent].filter((number) => !acknowledged.has(number))
      await look(store, acknowledged, open)
    },
  }
}

/** The chain is whole, what was acknowledged is where it was said to be, and nothing is there twice or in half. */
async function look(
  store: HubConfig['store'],
  acknowledged: ReadonlyMap<string, number>,
  open: readonly string[],
): Promise<void> {
  const database = await openHubStore(store)
  try {
    const verdict = await verifyJournal(database)
    expect(verdict).toMatchObject({ kind: 'whole' })
    // A server may end what a killed client has asked of it between the one reading and the other.
    const numbers = await vi.waitFor(async () => {
      const journal = await openJournal({ database, clock: Date.now, onDamage: () => undefined })
      const read = await numbersIn(journal)
      expect(Object.keys(journal.state.directory.agencies)).toHaveLength(read.length)
      return read
    })
    expect(new Set(numbers).size).toBe(numbers.length)
    const lost = [...acknowledged].filter(
      ([number, seq]) => numbers[seq - 2] !== number || numbers[seq - 1] !== `${number}-too`,
    )
    expect(lost).toEqual([])
    const known = new Set([...acknowledged.keys(), ...open])
    const firsts = numbers.filter((_, at) => at % 2 === 0)
    expect(firsts.filter((number) => !known.has(number))).toEqual([])
    expect(numbers.filter((_, at) => at % 2 === 1)).toEqual(firsts.map((number) => `${number}-too`))
  } finally {
    await database.close()
  }
}
