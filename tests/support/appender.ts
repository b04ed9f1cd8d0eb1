/**
 * A program that appends to a journal as fast as it can until somebody kills it, and says what it does:
 * `open`, `sent NUMBER` before each submission, `acknowledged NUMBER SEQ` after it.
 *
 *   node appender.ts STORE
 *
 * STORE is a hub's store as JSON. It begins when it is told `PREFIX NUMBER…` in one line. The numbers are sent
 * first: those an earlier run sent, and died.
 */
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { openJournal } from '../../hub/journal/journal.ts'
import { openHubStore } from '../../hub/store/open.ts'
import { happening, officer } from './journal.ts'

const IN_FLIGHT = 3

const say = (line: string) => writeSync(1, `${line}\n`)

const [store = ''] = process.argv.slice(2)
const [told] = await once(process.stdin, 'data')
process.stdin.destroy()
const [prefix = '', ...again] = String(told).trim().split(' ')

const database = await openHubStore(JSON.parse(store))
const journal = await openJournal({ database, clock: Date.now, onDamage: fail, onTrouble: () => undefined })
say('open')

let sent = 0
const next = () => again.shift() ?? `${prefix}-${sent++}`

/** Two events each, so that half of a submission would show. */
async function append() {
  const number = next()
  say(`sent ${number}`)
  for (;;)
    try {
      const { seq } = await journal.submit({
        actor: officer,
        key: number,
        decide: () => [happening(number), happening(`${number}-too`)],
      })
      say(`acknowledged ${number} ${seq}`)
      return
    } catch {
      // The store is gone; it is tried again with the same key, as a seat's outbox does.
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
}

await Promise.all(
  Array.from({ length: IN_FLIGHT }, async () => {
    for (;;) await append()
  }),
)

function fail(error: Error) {
  say(`damaged ${error.message}`)
  process.exit(1)
}
