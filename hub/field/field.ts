/** The field side: what each account in the field is shown, and what becomes of what it says. */
import { randomBytes } from 'node:crypto'
import type { Command } from '../../contract/commands.ts'
import type { Happening } from '../../contract/events.ts'
import {
  type FieldAct,
  type FieldPort,
  type FieldView,
  fieldViewOf,
  unitOfTerminal,
} from '../../contract/field.ts'
import type { SeatSession } from '../../contract/hub.ts'
import { may } from '../../contract/permissions.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { SharedState } from '../../contract/state.ts'
import type { ThreadName } from '../../contract/threads.ts'
import { currentGrants, unitTarget, visibleUnit } from '../../contract/visibility.ts'
import type { Door } from '../accounts/sign-in.ts'
import { decide } from '../commands.ts'
import type { Journal } from '../journal/journal.ts'
import type { Ingest } from '../positions/ingest.ts'
import { openTold } from '../seats/told.ts'
import { openPasses } from './passes.ts'

/** What changes together is told at once. */
const GATHER_MS = 50

export interface Field {
  readonly port: FieldPort
  close(): void
}

export interface FieldOptions {
  readonly journal: Journal
  readonly ingest: Pick<Ingest, 'takeFix'>
  readonly clock: () => Instant
  readonly door: Pick<Door, 'admit'>
  /** See `Attachments`. */
  requireSent(account: Id, command: Command): Promise<void>
}

export function openField({ journal, ingest, clock, door, requireSent }: FieldOptions): Field {
  const passes = openPasses(clock, () => randomBytes(32).toString('base64url'))
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
  const threadOf = (account: Id, group: string | undefined): ThreadName =>
    group === undefined ? { kind: 'unit', unit: ownUnit(account).id } : { kind: 'group', group }
  const commandOf = (act: FieldAct, account: Id): Command => {
    switch (act.kind) {
      case 'state':
        return { kind: 'unit.set-state', unit: ownUnit(account).id, state: act.state }
      case 'step':
        return {
          kind: 'task.step',
          task: act.task,
          step: act.step,
          words: act.words,
          ...(act.attachments !== undefined && { attachments: act.attachments }),
        }
      case 'explained-step':
        return { kind: 'task.explained-step', task: act.task, step: act.step, words: act.words }
      case 'message':
        return {
          kind: 'message.send',
          thread: threadOf(account, act.group),
          id: act.id,
          text: act.text,
          place: act.place,
          ...(act.attachments !== undefined && { attachments: act.attachments }),
        }
      case 'alarm':
        return { kind: 'alarm.call', id: act.id, at: act.at }
      case 'mark':
        return {
          kind: 'message.mark',
          thread: threadOf(account, act.group),
          delivered: act.delivered,
          read: act.read,
        }
    }
  }
  return {
    port: {
      watch: ({ account }: SeatSession, signal) => told.watch(account, signal),
      submit: async ({ account }, { key, act }) => {
        const command = commandOf(act, account)
        await requireSent(account, command)
        await journal.submit({
          actor: { kind: 'account', account },
          key,
          decide: (state, now: Instant) => decide(state, command, account, now),
        })
      },
      report: ({ account }, { at, ...fix }) => {
        ingest.takeFix(ownUnit(account), { at, ...fix })
      },
      givePass: async ({ account }, id) => {
        await journal.submit({
          actor: { kind: 'account', account },
          decide: (state, now) => decidePass(state, account, id, now),
        })
        return passes.give(accountOfUnit(journal.state, id))
      },
      signInWithPass: (code, address) => {
        const account = passes.take(code)
        if (account === undefined) throw new Refusal('not-found', { what: 'pass', id: 'pass' })
        return door.admit(account, address)
      },
    },
    close: () => {
      stop()
      told.close()
    },
  }
}

/** The account that is let in by a pass for this unit. */
function accountOfUnit({ directory, access }: SharedState, unit: Id): Id {
  const terminals = directory.units[unit]?.terminals ?? []
  const own = terminals.flatMap((terminal) => (terminal.kind === 'field' ? [terminal.account] : []))
  const found = own.find((id) => access.accounts[id]?.role === 'field-account')
  if (found === undefined) throw new Refusal('not-found', { what: 'account', id: unit })
  return found
}

function decidePass(state: SharedState, account: Id, id: Id, now: Instant): Happening[] {
  const unit = visibleUnit(state, account, id, now)
  if (unit === undefined) throw new Refusal('not-found', { what: 'unit', id })
  if (!may(currentGrants(state, account), 'task', unitTarget(state, unit), now))
    throw new Refusal('forbidden', { capability: 'task' })
  const own = accountOfUnit(state, id)
  const data = { account: own, unit: id }
  return [{ kind: 'field.pass-given', subject: `account/${own}`, area: unit.area, data }]
}
