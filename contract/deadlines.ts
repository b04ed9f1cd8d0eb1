/** By when each step of an incident and of a task is due: by grade, as the site sets it. Pure. */
import * as z from 'zod'
import type { Instant } from './primitives.ts'

/** From the gravest down, after China's four grades of emergencies (特别重大、重大、较大、一般). */
export const grades = ['I', 'II', 'III', 'IV'] as const
export type Grade = (typeof grades)[number]

/** The step that is waited for, of an incident and of a task. */
const awaitedSteps = [
  'dispatch',
  'handle',
  'close',
  'review',
  'receive',
  'accept',
  'set-out',
  'arrive',
  'finish',
  'verify',
] as const
export type AwaitedStep = (typeof awaitedSteps)[number]

/** Minutes, up to thirty days. */
const minutesSchema = z.number().min(0.1).max(43_200)

const stepsSchema = z.partialRecord(z.enum(awaitedSteps), minutesSchema).optional()

/** What a site sets; what it leaves out is as in `usualDeadlines`. */
export const deadlinesSchema = z.strictObject({
  /** From the opening of an incident to its grade. */
  grade: minutesSchema.optional(),
  I: stepsSchema,
  II: stepsSchema,
  III: stepsSchema,
  IV: stepsSchema,
})
export type Deadlines = z.infer<typeof deadlinesSchema>

const usualDeadlines: Readonly<{ grade: number } & Record<Grade, Readonly<Record<AwaitedStep, number>>>> = {
  grade: 2,
  I: row(2, 240, 60, 1440, 1, 1, 2, 8, 120, 30),
  II: row(3, 360, 120, 2880, 1, 2, 3, 10, 180, 60),
  III: row(5, 720, 240, 4320, 2, 3, 5, 15, 360, 120),
  IV: row(10, 1440, 480, 10_080, 5, 10, 15, 30, 720, 240),
}

/** Minutes for each step, in their order. */
function row(...minutes: readonly number[]): Record<AwaitedStep, number> {
  return Object.fromEntries(awaitedSteps.map((step, at) => [step, minutes[at]])) as Record<
    AwaitedStep,
    number
  >
}

/** When a step is due that has been waited for since then; an incident without a grade waits for its grade. */
export function dueAt(
  set: Deadlines | undefined,
  grade: Grade | null,
  awaited: AwaitedStep,
  since: Instant,
): Instant {
  const minutes =
    grade === null
      ? (set?.grade ?? usualDeadlines.grade)
      : (set?.[grade]?.[awaited] ?? usualDeadlines[grade][awaited])
  return since + Math.round(minutes * 60_000)
}
