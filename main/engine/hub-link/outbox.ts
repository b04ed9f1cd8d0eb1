/**
 * Commands on their way to the hub: written to disk before they are sent, sent in order, sent again
 * with the same key after any doubt, and struck out only when the hub has answered.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { type Command, commandSchema, type Receipt, type Submission } from '../../../contract/commands.ts'
import type { Lapse, Outcome } from '../../../contract/engine.ts'
import { type Id, type Instant, idSchema, instantSchema } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import { refusedBy } from '../../../contract/rpc.ts'

/** Whoever gave the command hears "queued" after this; it goes on trying. */
const ANSWER_WITHIN_MS = 3_000
/** A hub that is there and could not take a command down, its store being away, is asked again after this. */
const ASK_AGAIN_MS = 2_000
/** What nobody could deliver within a shift is not what anybody wants any more. */
const TOO_OLD_MS = 12 * 60 * 60_000
/** What has happened has happened, however long ago. */
const facts: readonly Command['kind'][] = [
  'call.record',
  'group-call.record',
  'transmission.record',
  'radio-roll-call.record',
  'message.report',
  'message.take-in',
]

const entrySchema = z.object({
  key: z.uuid(),
  order: z.int(),
  account: idSchema,
  at: instantSchema,
  command: commandSchema,
})
type Entry = z.infer<typeof entrySchema>

export interface Outbox {
  readonly length: number
  /** Of this account alone: what others have left here goes out when they sit here again. */
  countOf(account: Id): number
  readonly lapses: readonly Lapse[]
  submit(account: Id, command: Command): Promise<Outcome>
  /** Resolves as soon as nothing of this account is on its way any more; never, while nothing is delivered. */
  emptied(account: Id): Promise<void>
  /** Delivers this account's commands through `send` from now on; undefined: nothing is delivered. */
  connect(account: Id, send: ((submission: Submission) => Promise<Receipt>) | undefined): void
  dismiss(id: string): void
}

export interface OutboxOptions {
  readonly folder: string
  readonly clock: () => Instant
  readonly onChange: () => void
  readonly onTrouble: (error: unknown) => void
  readonly askAgainMs?: number
}

/** Reads what an earlier run left. */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const { folder, clock, onChange, onTrouble, askAgainMs = ASK_AGAIN_MS } = options
  const box = join(folder, 'outbox')
  await mkdir(box, { recursive: true, mode: 0o700 })
  let entries = await readEntries(box, onTrouble)
  let order = entries.reduce((most, entry) => Math.max(most, entry.order), 0)
  let lapses: Lapse[] = []
  let to: { account: Id; send: (submission: Submission) => Promise<Receipt> } | undefined
  let busy = false
  let askingAgain: NodeJS.Timeout | undefined
  /** Whose commands are being written down, once for each. */
  let unwritten: Id[] = []
  let writing: Promise<void> = Promise.resolve()
  let leavers: { account: Id; resolve: () => void }[] = []
  const answers = new Map<string, { resolve(outcome: Outcome): void; reject(error: unknown): void }>()

  const holds = (account: Id) =>
    unwritten.includes(account) || entries.some((entry) => entry.account === account)

  const letGo = () => {
    for (const { account, resolve } of leavers) if (!holds(account)) resolve()
    leavers = leavers.filter(({ account }) => holds(account))
  }

  const strike = async (entry: Entry) => {
    entries = entries.filter((other) => other !== entry)
    await rm(fileOf(box, entry), { force: true }).catch(onTrouble)
    letGo()
    onChange()
  }

  /** One after another, so that what was said first is on its way first. */
  const writeDown = async (entry: Entry) => {
    unwritten = [...unwritten, entry.account]
    const before = writing
    const done = (async () => {
      await before
      await writeFile(fileOf(box, entry), JSON.stringify(entry), { mode: 0o600, flush: true })
      entries = [...entries, entry]
    })()
    writing = done.catch(() => undefined)
    try {
      await done
    } finally {
      unwritten = unwritten.toSpliced(unwritten.indexOf(entry.account), 1)
      letGo()
    }
    onChange()
  }

  const lapse = ({ key, command, at }: Entry, why: Pick<Lapse, 'code' | 'particulars'>) => {
    lapses = [...lapses.slice(-19), { id: key, command, at, ...why }]
    onChange()
  }

  const deliver = async () => {
    if (busy) return
    busy = true
    try {
      for (;;) {
        const target = to
        const entry = target && entries.find(({ account }) => account === target.account)
        if (target === undefined || entry === undefined) return
        const waiting = answers.get(entry.key)
        if (clock() - entry.at > TOO_OLD_MS && !facts.includes(entry.command.kind)) {
          lapse(entry, { code: 'too-old', particulars: {} })
          await strike(entry)
          continue
        }
        try {
          const receipt = await target.send({ key: entry.key, command: entry.command })
          await strike(entry)
          waiting?.resolve({ kind: 'done', receipt })
        } catch (error) {
          const refused = refusedBy(error)
          // No answer is no refusal: it stays, and goes out again when the hub is back.
          if (
            refused === undefined ||
            refused.code === 'store-unavailable' ||
            refused.code === 'not-signed-in'
          ) {
            clearTimeout(askingAgain)
            askingAgain = setTimeout(() => void deliver(), askAgainMs).unref()
            return
          }
          await strike(entry)
          if (waiting === undefined) lapse(entry, refused)
          else waiting.reject(new Refusal(refused.code, refused.particulars))
        }
      }
    } finally {
      busy = false
    }
  }

  return {
    get length() {
      return entries.length
    },
    countOf: (account) => entries.filter((entry) => entry.account === account).length,
    get lapses() {
      return lapses
    },
    submit: async (account, command) => {
      const entry: Entry = { key: randomUUID(), order: ++order, account, at: clock(), command }
      await writeDown(entry)
      if (to === undefined) return { kind: 'queued' }
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          answers.delete(entry.key)
          resolve({ kind: 'queued' })
        }, ANSWER_WITHIN_MS)
        const settle = () => {
          clearTimeout(timer)
          answers.delete(entry.key)
        }
        answers.set(entry.key, {
          resolve: (outcome) => {
            settle()
            resolve(outcome)
          },
          reject: (error) => {
            settle()
            reject(error)
          },
        })
        void deliver()
      })
    },
    emptied: (account) =>
      holds(account)
        ? new Promise((resolve) => {
            leavers = [...leavers, { account, resolve }]
          })
        : Promise.resolve(),
    connect: (account, send) => {
      to = send === undefined ? undefined : { account, send }
      if (to !== undefined) void deliver()
      else for (const { resolve } of [...answers.values()]) resolve({ kind: 'queued' })
    },
    dismiss: (id) => {
      lapses = lapses.filter((other) => other.id !== id)
      onChange()
    },
  }
}

const fileOf = (box: string, { order, key }: Entry): string =>
  join(box, `${String(order).padStart(9, '0')}-${key}.json`)

async function readEntries(box: string, onTrouble: (error: unknown) => void): Promise<Entry[]> {
  const entries: Entry[] = []
  for (const name of (await readdir(box)).filter((file) => file.endsWith('.json')).toSorted()) {
    const file = join(box, name)
    const content = await readFile(file, 'utf8')
    try {
      entries.push(entrySchema.parse(JSON.parse(content)))
    } catch (error) {
      onTrouble(error)
      // Cut off while it was written, so nobody was told that it was taken; or of a version that this one can't read.
      if (error instanceof SyntaxError) await rm(file, { force: true })
      else await rename(file, `${file}.unread`)
    }
  }
  return entries
}
