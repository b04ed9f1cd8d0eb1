/** Crews with a phone of their own: they do as the page in the field does, take on what they are asked, read and answer. */
import { randomUUID } from 'node:crypto'
import type { FieldAct, FieldTalk } from '../contract/field.ts'
import type { Id } from '../contract/primitives.ts'
import type { SiteDocument } from '../contract/site.ts'
import { PLAYED_CREWS } from './city/demo-site.ts'
import { type Chance, chanceFrom } from './city/random.ts'
import { planSteps } from './crews.ts'
import { type FieldPhone, openFieldPhone } from './hub-seat.ts'

export interface FieldCrewsOptions {
  /** ws://host:port/seat */
  readonly hub: string
  readonly seed: number
  /** Of the time that people take. */
  readonly pace?: number
  /** One of them could not sign in. */
  onTrouble(error: unknown): void
}

/** A console starts meanwhile. */
const FIRST_AFTER_S = 5
const APART_S = 1
/** How long a crew takes to look at its phone, s. */
const READS_AFTER_S = [2, 8] as const
const ANSWERS_AFTER_S = [2, 5] as const

const answers = ['收到', '明白,马上处理', '收到,保持联系'] as const
const reports = ['现场正常,继续巡逻', '正在路上,稍后报告', '已在现场,情况平稳'] as const

/** They sign in one after another, a while after the city has begun. Returns what ends them. */
export function openFieldCrews(
  { accounts }: SiteDocument,
  { hub, seed, pace = 1, onTrouble }: FieldCrewsOptions,
): () => void {
  const ends: (() => void)[] = []
  let over = false
  const signIn = async (account: Id, chance: Chance) => {
    const password = accounts.find(({ id }) => id === account)?.password
    if (password === undefined) return
    const phone = await openFieldPhone(hub, account, password)
    if (over) phone.close()
    else ends.push(play(phone, account, chance, pace))
  }
  const timers = PLAYED_CREWS.map((account, nth) =>
    setTimeout(
      () => signIn(account, chanceFrom(seed + nth)).catch(onTrouble),
      (FIRST_AFTER_S + nth * APART_S) * 1_000 * pace,
    ),
  )
  return () => {
    over = true
    for (const timer of timers) clearTimeout(timer)
    for (const end of ends) end()
  }
}

/** Returns what ends it. */
function play({ client, close }: FieldPhone, account: Id, chance: Chance, pace: number): () => void {
  // The hub is away, or somebody was quicker: what comes next is done from what is told then.
  const say = (act: FieldAct) => void client.submit.mutate({ key: randomUUID(), act }).catch(() => undefined)
  const plans = planSteps(
    chance,
    (task, { step, words }) =>
      say(
        step === 'refuse'
          ? { kind: 'explained-step', task, step, words: words ?? '' }
          : { kind: 'step', task, step, words },
      ),
    pace,
  )
  const reader = openReader(account, chance, pace, say)
  const watching = client.watch.subscribe(undefined, {
    onData: ({ errands, talk }) => {
      plans.look(errands.map(({ task }) => task))
      if (talk !== null) reader.look(talk)
    },
  })
  return () => {
    watching.unsubscribe()
    plans.close()
    reader.close()
    close()
  }
}

/** Gets what is written to the crew at once, reads it a little later, and answers what somebody else said last. */
function openReader(account: Id, chance: Chance, pace: number, say: (act: FieldAct) => void) {
  let got = 0
  let looking: NodeJS.Timeout | undefined
  const after = ([low, high]: readonly [number, number], what: () => void) => {
    looking = setTimeout(what, chance.between(low, high) * 1_000 * pace)
  }
  return {
    look: ({ messages, count, mark }: FieldTalk) => {
      const last = messages.at(-1)
      if (count <= Math.max(got, mark.read) || last === undefined) return
      got = count
      if (last.by.account === account) return
      say({ kind: 'mark', delivered: count, read: mark.read })
      clearTimeout(looking)
      after(READS_AFTER_S, () => {
        say({ kind: 'mark', delivered: count, read: count })
        const text = chance.pick(/[?？]\s*$/.test(last.text) ? reports : answers)
        after(ANSWERS_AFTER_S, () => say({ kind: 'message', id: randomUUID(), text, place: null }))
      })
    },
    close: () => clearTimeout(looking),
  }
}
