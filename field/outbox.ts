/**
 * What a person in the field has said, until the hub has it: kept on the phone, sent in order, each with a key by
 * which it happens once.
 */
import * as z from 'zod'
import { type FieldAct, type FieldSubmission, fieldSubmissionSchema } from '../contract/field.ts'
import type { Id } from '../contract/primitives.ts'
import type { Refused } from '../contract/refusal.ts'

const keptSchema = z.array(fieldSubmissionSchema)

/** What becomes of one that is sent: it is done, it was refused for good, or it has to be tried again. */
type Outcome = { readonly kind: 'done' | 'again' } | { readonly kind: 'refused'; readonly refused: Refused }

export interface OutboxOptions {
  /** Whose it is: what one has said goes out in nobody else's name. */
  readonly account: Id
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>
  readonly newKey: () => string
  send(submission: FieldSubmission): Promise<Outcome>
  onChange(waiting: readonly FieldSubmission[]): void
  /** It will not be done. */
  onRefused(act: FieldAct, refused: Refused): void
}

export interface Outbox {
  readonly waiting: readonly FieldSubmission[]
  /** Kept before it is sent. */
  say(act: FieldAct): void
  /** There may be a link again. */
  flush(): Promise<void>
}

export function openOutbox({ account, storage, newKey, send, onChange, onRefused }: OutboxOptions): Outbox {
  const name = `watchfloor-outbox/${account}`
  let waiting: readonly FieldSubmission[] = keptIn(storage.getItem(name))
  let flushing: Promise<void> | undefined

  const keep = (next: readonly FieldSubmission[]) => {
    waiting = next
    storage.setItem(name, JSON.stringify(next))
    onChange(next)
  }
  const flush = async () => {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const outcome = await send(first)
      if (outcome.kind === 'again') return
      keep(waiting.slice(1))
      if (outcome.kind === 'refused') onRefused(first.act, outcome.refused)
    }
  }
  const outbox: Outbox = {
    get waiting() {
      return waiting
    },
    say: (act) => {
      keep([...waiting, { key: newKey(), act }])
      void outbox.flush()
    },
    flush: () => {
      flushing ??= flush().finally(() => {
        flushing = undefined
      })
      return flushing
    },
  }
  return outbox
}

/** What can't be read any more was written by another version, and is given up. */
function keptIn(text: string | null): readonly FieldSubmission[] {
  try {
    return keptSchema.parse(JSON.parse(text ?? '[]'))
  } catch {
    return []
  }
}
