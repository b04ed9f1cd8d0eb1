/** The field side: what each account in the field is shown, and what becomes of what it says. */
import type { Command } from '../../contract/commands.ts'
import {
  type FieldAct,
  type FieldPort,
  type FieldView,
  fieldViewOf,
  unitOfTerminal,
} from '../../contract/field.ts'
import type { SeatSession } from '../../contract/hub.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import { decide } from '../commands.ts'
import type { Journal } from '../journal/journal.ts'
import type { Ingest } from '../positions/ingest.ts'
import { openTold } from '../seats/told.ts'

/** What changes together is told at once. */
const GATHER_MS = 50

export interface Field {
  readonly port: FieldPort
  close(): void
}

export interface FieldOptions {
  readonly journal: Journal
  readonly ingest: Pick<Ingest, 'takeFix'>
}

export function openField({ journal, ingest }: FieldOptions): Field {
  const told = openTold<FieldView>({
    gatherMs: GATHER_MS,
    of: (account) => fieldViewOf(journal.state, account),
    onWatch: () => undefined,
  })
  const stop = journal.onAppended(() => told.touch())

  const ownUnit = (account: Id) => {
    const unit = unitOfTerminal(journal.state, account)
    if (unit === undefined) throw new Refusal('not-found', { what: 'unit', id: account })
    return unit
  }
  const commandOf = (act: FieldAct, account: Id): Command => {
    switch (act.kind) {
      case 'state':
        return { kind: 'unit.set-state', unit: ownUnit(account).id, state: act.state }
      case 'step':
        return { kind: 'task.step', task: act.task, step: act.step, words: act.words }
      case 'explained-step':
        return { kind: 'task.explained-step', task: act.task, step: act.step, words: act.words }
    }
  }
  return {
    port: {
      watch: ({ account }: SeatSession, signal) => told.watch(account, signal),
      submit: async ({ account }, { key, act }) => {
        const command = commandOf(act, account)
        await journal.submit({
          actor: { kind: 'account', account },
          key,
          decide: (state, now: Instant) => decide(state, command, account, now),
        })
      },
      report: ({ account }, { at, ...fix }) => {
        ingest.takeFix(ownUnit(account), { at, ...fix })
      },
    },
    close: () => {
      stop()
      told.close()
    },
  }
}
