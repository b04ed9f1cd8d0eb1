/** The crews of the city: each takes on what its unit is asked, at its own pace; some are late, and a few refuse. */
import type { Directory } from '../contract/directory.ts'
import type { Id } from '../contract/primitives.ts'
import { isTaskUnderWay, type Task, type TaskState } from '../contract/tasks.ts'
import { type Chance, chanceFrom } from './city/random.ts'
import type { ExerciseSeat } from './exercise-seat.ts'

export interface CrewStep {
  readonly step: 'receive' | 'accept' | 'set-out' | 'arrive' | 'finish' | 'refuse'
  readonly words: string | null
  /** How long the crew takes to it, ms. */
  readonly afterMs: number
}

/** Of a hundred crews. */
const REFUSE = 6
const LATE = 12
/** Who is late is so by this factor. */
const LATENESS = 8

const refusals = ['正在处置另一起警情,无法前往', '车辆故障,请另派'] as const
const endings = ['已处置完毕,现场秩序恢复', '现场无异常,已告知报警人', '已移交社区跟进'] as const

/** What a crew does next about a task in this state; nothing where others have the word. Pure but for its chance. */
export function crewStep(state: TaskState, chance: Chance): CrewStep | undefined {
  const pace = chance.next() * 100 < LATE ? LATENESS : 1
  const after = (lowS: number, highS: number) => chance.between(lowS, highS) * 1000 * pace
  switch (state) {
    case 'assigned':
      return { step: 'receive', words: null, afterMs: after(1, 4) }
    case 'received':
      return chance.next() * 100 < REFUSE
        ? { step: 'refuse', words: chance.pick(refusals), afterMs: after(4, 10) }
        : { step: 'accept', words: null, afterMs: after(2, 8) }
    case 'accepted':
      return { step: 'set-out', words: null, afterMs: after(3, 10) }
    case 'en-route':
      return { step: 'arrive', words: null, afterMs: after(20, 60) }
    case 'on-scene':
      return { step: 'finish', words: chance.pick(endings), afterMs: after(25, 70) }
    default:
      return undefined
  }
}

export interface Plans {
  /** As the tasks of those who plan are now: what was planned for another state of a task is not done. */
  look(tasks: Iterable<Task>): void
  close(): void
}

/** Takes each task from step to step, each after its time. `pace`: of the time that people take. */
export function planSteps(chance: Chance, take: (task: Id, step: CrewStep) => void, pace = 1): Plans {
  /** By task: what it waits for, and in which state it is so. */
  const plans = new Map<Id, { readonly state: TaskState; readonly timer: NodeJS.Timeout }>()
  return {
    look: (tasks) => {
      const now = new Map([...tasks].map((task) => [task.id, task]))
      for (const [id, { state, timer }] of plans)
        if (now.get(id)?.state !== state) {
          clearTimeout(timer)
          plans.delete(id)
        }
      for (const { id, state } of now.values()) {
        const next = plans.has(id) ? undefined : crewStep(state, chance)
        if (next === undefined) continue
        plans.set(id, { state, timer: setTimeout(() => take(id, next), next.afterMs * pace) })
      }
    },
    close: () => {
      for (const { timer } of plans.values()) clearTimeout(timer)
    },
  }
}

export interface Crews {
  /** The unit has something to do that it was asked. */
  isTasked(unit: Id): boolean
  close(): void
}

/** Plays every crew that has nobody of its own at a field account. */
export function playCrews(seat: Pick<ExerciseSeat, 'submit' | 'follow'>, seed: number): Crews {
  let tasked: ReadonlySet<Id> = new Set()
  const plans = planSteps(chanceFrom(seed), (task, { step, words }) => {
    const command =
      step === 'refuse'
        ? ({ kind: 'task.explained-step', task, step, words: words ?? '' } as const)
        : ({ kind: 'task.step', task, step, words } as const)
    // An officer was quicker, or the hub is away: what comes next is planned from the state that is told then.
    seat.submit(command).catch(() => undefined)
  })
  const stop = seat.follow(({ incidents, directory }) => {
    const all = Object.values(incidents.tasks)
    tasked = new Set(
      all.filter(isTaskUnderWay).flatMap(({ assignee }) => (assignee.kind === 'unit' ? [assignee.unit] : [])),
    )
    plans.look(all.filter((task) => isPlayed(directory, task)))
  })
  return {
    isTasked: (unit) => tasked.has(unit),
    close: () => {
      stop()
      plans.close()
    },
  }
}

/** Agencies give tasks to their own; and where somebody can sign in for a unit, they are left to do it. */
function isPlayed({ units }: Directory, { assignee }: Task): boolean {
  if (assignee.kind !== 'unit') return false
  const unit = units[assignee.unit]
  return unit !== undefined && !unit.terminals.some(({ kind }) => kind === 'field')
}
