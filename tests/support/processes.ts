/** Other programs, started by a test and ended with it. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AtEnd } from './at-end.ts'

export interface Program {
  readonly process: ChildProcess
  /** What it has said so far, on both outputs. */
  readonly said: () => string
  /** Resolves when it has ended, with its exit status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  /** Ends it, by its pid, and waits until it has ended. */
  kill(signal?: NodeJS.Signals): Promise<void>
}

/** Starts a program; it is killed at the end if it still runs. */
export function startProgram(
  atEnd: AtEnd,
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Program {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options })
  let output = ''
  const hear = (piece: Buffer) => {
    output += piece.toString()
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  const ended = once(child, 'close').then(([status, signal]) => signal ?? status)
  ended.catch(() => undefined)
  const program: Program = {
    process: child,
    said: () => output,
    ended,
    kill: async (signal = 'SIGKILL') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      await ended
    },
  }
  atEnd(() => program.kill())
  return program
}

/** Runs a program to its end; throws what it said if it fails. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { readonly input?: string } = {},
): Promise<string> {
  const { input, ...rest } = options
  const ends: (() => void | Promise<void>)[] = []
  const program = startProgram((end) => ends.push(end), command, args, rest)
  program.process.stdin?.end(input)
  const status = await program.ended
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${program.said()}`)
  return program.said()
}
