/** A small city in which incidents happen, and what its officers do about them. */
import type { Command } from '../../contract/commands.ts'
import type { Happening } from '../../contract/events.ts'
import type { Details, Incident } from '../../contract/incidents.ts'
import { Refusal } from '../../contract/refusal.ts'
import { emptyState, fold, type SharedState } from '../../contract/state.ts'
import type { Task, TaskStep } from '../../contract/tasks.ts'
import { decide } from '../../hub/commands.ts'
import { planImport } from '../../hub/directory/import.ts'
import { documentOf, PASSWORD, smallCity, smallCityWith } from './site.ts'

export const NOW = 1_800_000_000_000

const lines: Readonly<Record<string, string>> = { supervisor: 'line', 'north-officer': 'north-line' }

export const accountsWithCrews = [
  ...smallCity.accounts.map((account) => ({
    ...account,
    ...(account.id in lines && { lines: [{ id: lines[account.id], exchange: 'main', number: '8000' }] }),
  })),
  { id: 'second-supervisor', name: '带班长二', role: 'shift-supervisor', password: PASSWORD },
  { id: 'north-crew', name: '北区巡逻组', role: 'field-account', agency: 'police', password: PASSWORD },
  { id: 'south-crew', name: '南区消防组', role: 'field-account', agency: 'fire', password: PASSWORD },
]

/** The small city, with telephone lines, and accounts in the field: the crews of the north patrol and the south engine. */
export const cityWithCrews = smallCityWith({
  exchanges: [{ id: 'main', name: '总机', domain: 'pbx.example' }],
  units: smallCity.units.map((unit) => ({
    ...unit,
    terminals: [
      ...unit.terminals,
      ...(unit.id === 'north-patrol' ? [{ kind: 'field', account: 'north-crew' }] : []),
      ...(unit.id === 'south-engine' ? [{ kind: 'field', account: 'south-crew' }] : []),
    ],
  })),
  accounts: accountsWithCrews,
})

export const details: Details = {
  title: '北门街道冒烟',
  category: 'fire',
  area: 'north-gate',
  place: { lat: 32.06, lon: 118.78 },
  address: '北门街 12 号',
  caller: '60001',
}

export const open = (id = 'i1', change: Partial<Details> = {}): Command => ({
  kind: 'incident.open',
  id,
  details: { ...details, ...change },
  source: { kind: 'hand' },
  grade: null,
})
export const grade = (as: 'I' | 'II' | 'III' | 'IV' = 'II', incident = 'i1'): Command => ({
  kind: 'incident.grade',
  incident,
  saw: null,
  grade: as,
})
export const assign = (id: string, unit: string, incident = 'i1'): Command => ({
  kind: 'task.assign',
  incident,
  id,
  assignee: { kind: 'unit', unit },
  instruction: '到场查看,报告火情',
})
export function step(task: string, taken: TaskStep): Command {
  return taken === 'refuse' || taken === 'cancel' || taken === 'send-back'
    ? { kind: 'task.explained-step', task, step: taken, words: '另有任务' }
    : { kind: 'task.step', task, step: taken, words: null }
}
export const close = (incident = 'i1'): Command => ({
  kind: 'incident.close',
  incident,
  outcome: 'settled',
  words: null,
})

/** A city that goes on from command to command. */
export interface City {
  readonly state: SharedState
  /** Throws what the hub refuses. Returns what has happened. */
  does(account: string, command: Command, at?: number): readonly Happening[]
  /** What the hub refuses it with; undefined: it was done. */
  refused(account: string, command: Command, at?: number): Refusal | undefined
  takes(events: readonly Happening[]): void
  incident(id?: string): Incident
  task(id: string): Task
}

export function newCity(site: object = cityWithCrews): City {
  let state = fold(emptyState, planImport(emptyState, documentOf(site)))
  const does: City['does'] = (account, command, at = NOW) => {
    const events = decide(state, command, account, at)
    state = fold(state, events)
    return events
  }
  return {
    get state() {
      return state
    },
    does,
    refused: (account, command, at) => {
      try {
        does(account, command, at)
        return undefined
      } catch (error) {
        if (error instanceof Refusal) return error
        throw error
      }
    },
    takes: (events) => {
      state = fold(state, events)
    },
    incident: (id = 'i1') => found(state.incidents.live[id]),
    task: (id) => found(state.incidents.tasks[id]),
  }
}

function found<T>(thing: T | undefined): T {
  if (thing === undefined) throw new Error('it is not there')
  return thing
}
