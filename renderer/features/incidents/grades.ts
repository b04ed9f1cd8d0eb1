/** What the grades look like: a shape first, its colour second, the numeral inside. In a box of 24 by 24. */
import type { Grade } from '../../../contract/deadlines.ts'

interface GradeLook {
  /** The outline as SVG path data. */
  readonly path: string
  /** A custom property of the theme. */
  readonly colour: string
  /** Where the middle of the numeral is. */
  readonly middle: number
}

/** Red, orange, yellow and blue, as China's emergency response has them. */
const gradeLooks: Readonly<Record<Grade | 'none', GradeLook>> = {
  I: { path: 'M12 1.5L23 21.5H1Z', colour: '--grade-1', middle: 15.5 },
  II: { path: 'M12 1L23 12L12 23L1 12Z', colour: '--grade-2', middle: 12.5 },
  III: { path: 'M2.5 3.5h19v17h-19Z', colour: '--grade-3', middle: 12.5 },
  IV: { path: 'M12 1.5a10.5 10.5 0 1 0 0 21a10.5 10.5 0 1 0 0-21Z', colour: '--grade-4', middle: 12.5 },
  none: { path: 'M7 2h10l5 10l-5 10H7l-5-10Z', colour: '--dim', middle: 12.5 },
}

export const lookOfGrade = (grade: Grade | null): GradeLook => gradeLooks[grade ?? 'none']

/** What stands inside. */
export const numeralOf = (grade: Grade | null): string => grade ?? '?'
