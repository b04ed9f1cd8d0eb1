/** A roll-call goes on in a page that is loaded anew, but not without the officer who began it. */
import * as z from 'zod'
import type { Id } from '../../../contract/primitives.ts'
import { onSelected, store } from '../../app/store.ts'
import type { RollCall } from './roll-call.ts'
import { rollCallBegun } from './slice.ts'

/** Where it is kept. It survives the page, not the window. */
const KEPT = 'roll-call'

const keptSchema = z.object({
  account: z.string(),
  rollCall: z.object({
    id: z.string(),
    channel: z.string(),
    startedAt: z.number(),
    called: z.array(z.object({ unit: z.string(), radio: z.string().nullable(), answered: z.boolean() })),
  }),
})

/** Goes on with this officer's, and keeps what becomes of it. Returns what ends that. */
export function keepRollCall(account: Id): () => void {
  const kept = read()
  if (kept?.account === account) store.dispatch(rollCallBegun(kept.rollCall))
  keep(account)
  const stop = onSelected(
    ({ radio }) => radio.rollCall,
    () => keep(account),
  )
  return () => {
    stop()
    sessionStorage.removeItem(KEPT)
  }
}

function keep(account: Id): void {
  const { rollCall } = store.getState().radio
  if (rollCall === null) sessionStorage.removeItem(KEPT)
  else sessionStorage.setItem(KEPT, JSON.stringify({ account, rollCall }))
}

function read(): { account: Id; rollCall: RollCall } | undefined {
  const text = sessionStorage.getItem(KEPT)
  return text === null ? undefined : keptSchema.safeParse(JSON.parse(text)).data
}
