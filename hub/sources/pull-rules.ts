/** How the pull of a camera goes from one phase to the next. Pure. */

/** `waiting`: it has failed, and is tried again after a while. */
export const pullPhases = ['idle', 'starting', 'up', 'waiting'] as const
export type PullPhase = (typeof pullPhases)[number]

/** `stopped`: nobody has watched for a while. */
export const pullEvents = ['wanted', 'came', 'failed', 'again', 'stopped'] as const
export type PullEvent = (typeof pullEvents)[number]

/** What each event makes of each phase; where there is nothing, it changes nothing. */
const moves: Readonly<Record<PullEvent, Readonly<Partial<Record<PullPhase, PullPhase>>>>> = {
  wanted: { idle: 'starting' },
  came: { starting: 'up' },
  failed: { starting: 'waiting', up: 'waiting' },
  again: { waiting: 'starting' },
  stopped: { starting: 'idle', up: 'idle', waiting: 'idle' },
}

export const nextPhase = (phase: PullPhase, event: PullEvent): PullPhase => moves[event][phase] ?? phase

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000

/** How long until it is tried again after so many failures in a row, ms. `chance`: 0 to 1, spreads those of one switch. */
export const waitAfter = (failures: number, chance: number): number =>
  Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS) * (0.75 + chance / 2)
